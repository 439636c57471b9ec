// Words of the witness app in the chosen language.
import { language } from "../../shared/i18n/language.svelte";
import { translator, type Values } from "../../shared/i18n/translate";
import { en } from "./en";
import { id, type Key } from "./id";

const translate = translator<Key>({ id, en });

/** The text of `key`, filled with `values`. */
export function say(key: Key, values?: Values): string {
  return translate(language(), key, values);
}

export type { Key };
