// The chosen language. A component that reads it is drawn again when it changes.
import type { Language, Localized } from "./translator";

let chosen = $state<Language>("id");

/** The chosen language. */
export function language(): Language {
  return chosen;
}

/** Changes the language, for screen readers too. */
export function setLanguage(next: Language): void {
  chosen = next;
  document.documentElement.lang = next;
}

/** The words of a text that comes in both languages. */
export function localized(text: Localized): string {
  return text[chosen];
}
