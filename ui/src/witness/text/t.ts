// The witness app's texts in the chosen language.
import { language } from "../../shared/text/language.svelte";
import { translator, type Values } from "../../shared/text/translator";
import { en } from "./en";
import { id, type Key } from "./id";

const translate = translator<Key>({ id, en });

/** The text of `key`, filled with `values`. */
export function t(key: Key, values?: Values): string {
  return translate(language(), key, values);
}

export type { Key };
