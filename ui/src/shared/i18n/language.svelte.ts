// The language that the screens speak now. Whoever reads it in a component is redrawn when it changes.
import type { Language, Localized } from "./translate";

let chosen = $state<Language>("id");

/** The chosen language. */
export function language(): Language {
  return chosen;
}

/** Speaks `next` from now on, and tells screen readers so. */
export function speak(next: Language): void {
  chosen = next;
  document.documentElement.lang = next;
}

/** The words of a text that comes in both languages. */
export function localized(text: Localized): string {
  return text[chosen];
}
