import { describe, expect, it } from "vitest";
import { isOver, lackingColumns, mapped } from "./import";

describe("the mapping of columns", () => {
  it("lacks a name and a place until columns mean them", () => {
    expect(lackingColumns([null, "phone"])).toEqual(["name", "desa"]);
    expect(lackingColumns(["name", "desa"])).toEqual([]);
    expect(lackingColumns(["name", "station"])).toEqual([]);
  });

  it("gives a meaning to one column only", () => {
    expect(mapped(["name", "phone", null], 2, "name")).toEqual([null, "phone", "name"]);
    expect(mapped(["name", null, null], 0, null)).toEqual([null, null, null]);
  });
});

describe("an import", () => {
  it("is over when nothing changes any more", () => {
    expect(
      ["uploaded", "storing", "stored", "failed", "discarded"].map((state) => isOver(state as never)),
    ).toEqual([...[false, false, true, true, true]]);
  });
});
