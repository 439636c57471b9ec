// The console's texts in the chosen language.
import { language } from "../../shared/text/language.svelte";
import { translator, type Values } from "../../shared/text/translator";
import { en } from "./en";
import { id } from "./id";

/** The name of a text. Indonesian is the source; English has exactly the same names. */
export type Key = keyof typeof id;

const translate = translator<Key>({ id, en });

/** The text of `key`, filled with `values`. */
export function t(key: Key, values?: Values): string {
  return translate(language(), key, values);
}
