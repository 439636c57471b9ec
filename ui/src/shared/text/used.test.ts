// Every text is used somewhere: one that no screen asks for would still be translated, and read by nobody.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { id as consoleId } from "../../console/text/id";
import { id as witnessId } from "../../witness/text/id";
import { id as sharedId } from "./id";

const root = join(__dirname, "../..");

/** The sources in which texts are asked for: the screens, and not the texts themselves. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === "text" ? keysFile(path) : sources(path);
    }
    return /\.(ts|svelte)$/.test(path) && !path.endsWith(".test.ts")
      ? [readFileSync(join(root, path), "utf8")]
      : [];
  });
}

/** Codes that Rust names stand in a file beside the texts. */
function keysFile(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => !/^(id|en)\.ts$|-(id|en)\.ts$|\.test\.ts$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
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
