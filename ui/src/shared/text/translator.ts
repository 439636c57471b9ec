// Turns a key and values into words of one language. Texts are ICU messages (plurals, selects, numbers).
import { IntlMessageFormat } from "intl-messageformat";

/** The two languages of the screens. */
export type Language = "id" | "en";

/** A text that the data itself brings in both languages. */
export interface Localized {
  readonly id: string;
  readonly en: string;
}

/** Every text of a program in one language. A missing key is a type error. */
export type Dictionary<Key extends string> = Readonly<Record<Key, string>>;

/** What a message may be filled with. */
export type Values = Readonly<Record<string, string | number>>;

/** The locale in which each language writes numbers and times. */
export const locales: Readonly<Record<Language, string>> = { id: "id-ID", en: "en-GB" };

/** Makes the translator of a program from its dictionaries. Each message is parsed once, when first needed. */
export function translator<Key extends string>(
  dictionaries: Readonly<Record<Language, Dictionary<Key>>>,
): (language: Language, key: Key, values?: Values) => string {
  const parsed = new Map<string, IntlMessageFormat>();
  return (language, key, values) => {
    const text = dictionaries[language][key];
    if (values === undefined && !text.includes("{") && !text.includes("'")) {
      return text;
    }
    const cacheKey = `${language} ${key}`;
    let message = parsed.get(cacheKey);
    if (message === undefined) {
      message = new IntlMessageFormat(text, locales[language]);
      parsed.set(cacheKey, message);
    }
    return String(message.format(values));
  };
}
