import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { en as consoleEn } from "../../console/text/en";
import { id as consoleId } from "../../console/text/id";
import { en as witnessEn } from "../../witness/text/en";
import { id as witnessId } from "../../witness/text/id";
import { id as sharedId } from "./id";

type Texts = Readonly<Record<string, string>>;

/** The names that a message wants to be filled with; throws where the message cannot be parsed. */
function argumentsOf(text: string, locale: string): string[] {
  const names = new Set<string>();
  const look = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(look);
    } else if (typeof node === "object" && node !== null) {
      // Types 1 to 6 of the parser's nodes are arguments: plain, number, date, time, select, plural.
      if ("type" in node && "value" in node && Number(node.type) >= 1 && Number(node.type) <= 6) {
        names.add(String(node.value));
      }
      Object.values(node).forEach(look);
    }
  };
  look(new IntlMessageFormat(text, locale).getAst());
  return [...names].sort();
}

const programs: readonly (readonly [string, Texts, Texts])[] = [
  ["console", consoleId, consoleEn],
  ["witness", witnessId, witnessEn],
];

describe.each(programs)("the texts of the %s", (_, id, en) => {
  const keys = Object.keys(id);

  it("can be parsed, and both languages want the same values", () => {
    for (const key of keys) {
      expect(argumentsOf(en[key] ?? "", "en"), key).toEqual(argumentsOf(id[key] ?? "", "id"));
    }
  });

  it("leave nothing empty and nothing untranslated", () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect([id[key]?.trim(), en[key]?.trim()], key).not.toContain("");
    }
  });

  // A renaming of types once went through the texts too.
  it("contain no name of the code", () => {
    const codeName = /\p{Ll}\p{Lu}|\b[a-z]+_[a-z]+\b/u;
    for (const texts of [id, en]) {
      const said = Object.entries(texts).map(
        ([key, text]) => [key, text.replace(/\{[^{}]*[{}]/g, "")] as const,
      );
      expect(said.filter(([, text]) => codeName.test(text))).toEqual([]);
    }
  });

  it("have keys of one style: words in snake_case with dots between them", () => {
    const own = keys.filter((key) => !key.startsWith("column.") && !key.startsWith("entry.column."));
    expect(own.filter((key) => !/^[a-z0-9_]+(\.[a-z0-9_]+)*$/.test(key))).toEqual([]);
  });
});

it("words a problem once for both programs, where the audience is no other", () => {
  const problems = Object.keys(consoleId).filter((key) => /^problem\.[a-z_]+$/.test(key));
  const own = problems.filter((key) => !(key in sharedId));
  expect(problems.length).toBeGreaterThan(20);
  expect(own).toEqual(["problem.forbidden"]);
});
