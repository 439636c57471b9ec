// Whether there is room beside the paper. The style sheets use the same width.
import { MediaQuery } from "svelte/reactivity";

export const wide = new MediaQuery("(min-width: 52.5em)");
