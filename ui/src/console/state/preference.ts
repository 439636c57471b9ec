// The user's language, kept in this browser where it allows that.
import { language, setLanguage } from "../../shared/text/language.svelte";
import type { Language } from "../../shared/text/translator";

const LANGUAGE = "saksi.console.language";

export function rememberedLanguage(): Language {
  try {
    return localStorage.getItem(LANGUAGE) === "en" ? "en" : "id";
  } catch {
    return "id";
  }
}

function rememberLanguage(chosen: Language): void {
  try {
    localStorage.setItem(LANGUAGE, chosen);
  } catch {
    // Private windows may refuse; the choice then holds until the window is closed.
  }
}

/** Changes to the other language, and remembers it. */
export function toggleLanguage(): void {
  const next = language() === "id" ? "en" : "id";
  setLanguage(next);
  rememberLanguage(next);
}
