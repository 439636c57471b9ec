// The console's texts in the language of now.
import { language } from "../../shared/i18n/language.svelte";
import { translator, type Values } from "../../shared/i18n/translate";
import { en } from "./en";
import { id } from "./id";

/** The name of a text. Indonesian is the source; English has exactly the same names. */
export type Key = keyof typeof id;

const translate = translator<Key>({ id, en });

/** A text in the language of now, filled with `values`. */
export function t(key: Key, values?: Values): string {
  return translate(language(), key, values);
}
