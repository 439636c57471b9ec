import { describe, expect, it } from "vitest";
import { boxesOf, keyOf, pressed, sameFigure, type FigureKey, type Typed } from "./figure";

const digit = (value: number): FigureKey => ({ kind: "digit", digit: value });

function typed(keys: FigureKey[], start: Typed = null, boxes = 3): Typed {
  return keys.reduce<Typed>((figure, key) => pressed(figure, key, boxes, false), start);
}

describe("typing into a field", () => {
  it("builds a number digit by digit", () => {
    expect(typed([digit(1), digit(2), digit(8)])).toEqual({ written: 128 });
  });

  it("keeps a zero as a number, not as nothing", () => {
    expect(typed([digit(0)])).toEqual({ written: 0 });
    expect(typed([digit(0), digit(7)])).toEqual({ written: 7 });
  });

  it("ignores a digit for which the paper has no box", () => {
    expect(typed([digit(1), digit(2), digit(8), digit(4)])).toEqual({ written: 128 });
  });

  it("starts over with the first digit after coming to a filled field", () => {
    expect(pressed({ written: 128 }, digit(9), 3, true)).toEqual({ written: 9 });
    expect(pressed({ written: 128 }, { kind: "erase" }, 3, true)).toEqual({ written: 12 });
  });

  it("erases the last digit, and the last of all leaves the field untyped", () => {
    expect(typed([{ kind: "erase" }], { written: 97 })).toEqual({ written: 9 });
    expect(typed([{ kind: "erase" }], { written: 9 })).toBeNull();
    expect(typed([{ kind: "erase" }], "illegible")).toBeNull();
    expect(typed([{ kind: "erase" }], null)).toBeNull();
  });

  it("tells empty boxes and unreadable boxes apart from zero, and takes them back on a second press", () => {
    expect(typed([{ kind: "blank" }], { written: 5 })).toBe("blank");
    expect(typed([{ kind: "blank" }, { kind: "blank" }])).toBeNull();
    expect(typed([{ kind: "illegible" }, { kind: "illegible" }])).toBeNull();
    expect(typed([digit(3)], "blank")).toEqual({ written: 3 });
  });
});

describe("the boxes", () => {
  it("crosses leading empty boxes once a number stands there, and none before", () => {
    expect(boxesOf({ written: 97 }, 3)).toEqual([null, "9", "7"]);
    expect(boxesOf({ written: 0 }, 3)).toEqual([null, null, "0"]);
    expect(boxesOf(null, 3)).toEqual(["", "", ""]);
    expect(boxesOf("blank", 3)).toEqual([null, null, null]);
    expect(boxesOf("illegible", 2)).toEqual(["?", "?"]);
  });
});

describe("keys and figures", () => {
  it("knows the keys of a physical keyboard", () => {
    expect(keyOf("7")).toEqual({ kind: "digit", digit: 7 });
    expect(keyOf("x")).toEqual({ kind: "blank" });
    expect(keyOf("?")).toEqual({ kind: "illegible" });
    expect(keyOf("a")).toBeNull();
  });

  it("compares figures by what they say", () => {
    expect(sameFigure({ written: 0 }, { written: 0 })).toBe(true);
    expect(sameFigure({ written: 0 }, "blank")).toBe(false);
    expect(sameFigure(null, "blank")).toBe(false);
  });
});
