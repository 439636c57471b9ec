import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import { id, type Key } from "./id";

/** The names that a message wants to be filled with; throws where the message cannot be read. */
function wants(text: string, locale: string): string[] {
  const names = new Set<string>();
  const look = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(look);
    else if (typeof node === "object" && node !== null) {
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

describe("the dictionaries", () => {
  const keys = Object.keys(id) as Key[];

  it("can be read by the message parser, and both languages want the same values", () => {
    for (const key of keys) expect(wants(en[key], "en"), key).toEqual(wants(id[key], "id"));
    expect(wants(id["waiting.photo.amount"], "id")).toEqual(["sent", "total"]);
  });

  it("leave no text empty", () => {
    for (const key of keys) expect([id[key].trim(), en[key].trim()], key).not.toContain("");
  });
});
