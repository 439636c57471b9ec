// Shares of votes with the digits that a projection has.
import { formatNumber } from "../../shared/format";
import { language } from "../../shared/text/language.svelte";

/** A part of 1 in per cent, with two digits after the comma: `51,37 %`. */
export function share(part: number): string {
  return `${formatNumber(100 * part, language(), 2)}\u00a0%`;
}
