// What this browser remembers of its user's wishes. A browser that forbids it simply forgets.
import type { Language } from "../../shared/i18n/translate";

const LANGUAGE = "saksi.console.language";

export function rememberedLanguage(): Language {
  try {
    return localStorage.getItem(LANGUAGE) === "en" ? "en" : "id";
  } catch {
    return "id";
  }
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(LANGUAGE, language);
  } catch {
    // Private windows may refuse; the choice then holds until the window is closed.
  }
}
