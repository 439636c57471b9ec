// Texts of both programs in the chosen language. Each program's own `t` knows these too.
import { en } from "./en";
import { id, type SharedKey } from "./id";
import { language } from "./language.svelte";
import { translator, type Values } from "./translator";

/** A text in a given language, where the language is an argument. */
export const translate = translator<SharedKey>({ id, en });

/** The text of `key`, filled with `values`. */
export function t(key: SharedKey, values?: Values): string {
  return translate(language(), key, values);
}
