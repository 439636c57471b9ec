// Signs, patterns and bars of differences.
import { describe, expect, it } from "vitest";
import type { DifferenceRow } from "../../shared/generated/console";
import { bars, HALF, ofColumn, patternOf, signed } from "./differences";

const row = (part: Partial<DifferenceRow>): DifferenceRow => ({
  ...{ station: "52.71.05.1001-001", desa: "Bintaro", standing: "verified", photographed: true },
  ...{ votes: {}, invalid: 0, witnessed: {}, official: {}, shape: "other", from_to: null, size: 0 },
  ...part,
});

describe("a difference", () => {
  it("is written with its sign", () => {
    expect([signed(60), signed(-1200), signed(0)]).toEqual(["+60", "−1.200", "0"]);
  });

  it("of a list has all that belongs to the list", () => {
    const votes = { L5: 1, "L5.0": 2, "L5.7": 4, L50: 100 };
    expect([ofColumn(votes, "L5"), ofColumn(votes, "L50"), ofColumn(votes, "7")]).toEqual([7, 100, 0]);
  });

  it("has a pattern that says what it looks like", () => {
    const same = row({ shape: "same_size", from_to: ["2", "1"], votes: { 1: 60, 2: -60 } });
    expect(patternOf(same)).toBe("Sama besar, 2 ke 1");
    expect(patternOf(row({ shape: "one_figure", votes: { 2: -100 } }))).toBe("Kurang 100");
    const digit = row({
      ...{ shape: "one_digit", votes: { 2: 90 } },
      ...{ witnessed: { 2: 4 }, official: { 2: 94 } },
    });
    expect(patternOf(digit)).toBe("Satu angka, 0 jadi 9");
    expect(patternOf(row({ shape: "swapped" }))).toBe("Mungkin tertukar");
  });

  it("is drawn to the right for more and to the left for fewer", () => {
    const columns = ["1", "2", "3"].map((choice) => ({ choice, name: "" }));
    const drawn = bars(row({ votes: { 1: 60, 2: -30 } }), columns, 60);
    expect(drawn.map(({ more }) => more)).toEqual([true, false]);
    expect(drawn[0]?.x).toBe(HALF + 1);
    expect(drawn[0]?.width).toBe(HALF - 2);
    expect(drawn[1]?.width).toBe((HALF - 2) / 2);
    expect(drawn[0]?.y).not.toBe(drawn[1]?.y);
  });
});
