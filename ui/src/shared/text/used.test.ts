// Every text is used somewhere: one that no screen asks for would still be translated, and read by nobody.
import { expect, it } from "vitest";
import { id as consoleId } from "../../console/text/id";
import { id as witnessId } from "../../witness/text/id";
import { id as sharedId } from "./id";

const files = import.meta.glob<string>("../../**/*.{ts,svelte}", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Files that do not ask for texts but are texts, or test. Codes that Rust names stand in a file beside the texts. */
const NOT_ASKING = /\/text\/(.*-)?(id|en)\.ts$|\.test\.ts$/;

/** The sources in which texts are asked for, in a folder such as `console`. */
function sources(folder: string): string[] {
  // Paths are relative to this file: those of `shared` begin with `../` or `./`, the others with `../../`.
  const start = folder === "shared" ? /^(\.\/|\.\.\/[a-z])/ : new RegExp(`^\\.\\./\\.\\./${folder}/`);
  return Object.entries(files)
    .filter(([path]) => start.test(path) && !NOT_ASKING.test(path))
    .map(([, source]) => source);
}

/** What a source asks for: `"a.key"`, or `` `life.${state}.means` `` with anything in the place of the value. */
function asked(source: string): { keys: string[]; patterns: string[] } {
  const keys = [...source.matchAll(/["'`]([a-z0-9_]+(?:\.[A-Za-z0-9_]+)*)["'`]/g)].map(
    (match) => match[1] ?? "",
  );
  // A template within another one is found too, because no template is looked for across the mark of one.
  const templates = [...source.matchAll(/`([a-z0-9_.]*(?:\$\{[^{}`]*\}[a-z0-9_.]*)+)`/g)].map(
    (match) => match[1] ?? "",
  );
  const patterns = templates.map((template) =>
    template
      .replace(/\$\{[^{}]*\}/g, "\u0000")
      .replace(/\./g, "\\.")
      .replaceAll("\u0000", "[A-Za-z0-9_.]+"),
  );
  return { keys, patterns: patterns.filter((pattern) => /^[a-z0-9_\\.]+\[/.test(pattern)) };
}

const programs: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["console", Object.keys(consoleId).filter((key) => !(key in sharedId)), ["console", "shared"]],
  ["witness", Object.keys(witnessId).filter((key) => !(key in sharedId)), ["witness", "shared"]],
  ["both", Object.keys(sharedId), ["console", "witness", "shared"]],
];

it.each(programs)("uses all texts of %s", (_, texts, folders) => {
  const all = folders.flatMap(sources).map(asked);
  const keys = new Set(all.flatMap((each) => each.keys));
  const patterns = [...new Set(all.flatMap((each) => each.patterns))].map((each) => new RegExp(`^${each}$`));
  expect(texts.filter((key) => !keys.has(key) && !patterns.some((each) => each.test(key)))).toEqual([]);
});

it("finds keys in quotes and in templates", () => {
  const found = asked('t("a.b") `${t(`life.${state}.means`)}, ${x}` t(`${x}.y`)');
  expect(found.keys).toEqual(["a.b"]);
  expect(found.patterns).toEqual(["life\\.[A-Za-z0-9_.]+\\.means"]);
});
