// The shares and the order that the overview shows.
import { describe, expect, it } from "vitest";
import type { Coverage, RegionRow } from "../../shared/generated/console";
import { arrived, byProblems, counted, parts, share, standsOut } from "./coverage";

const coverage = (given: Partial<Coverage>): Coverage => ({
  stations: 0,
  verified: 0,
  corroborated: 0,
  provisional: 0,
  conflicting: 0,
  missing: 0,
  flagged: 0,
  photographed: 0,
  later_round: 0,
  ...given,
});

const row = (code: string, given: Partial<Coverage>): RegionRow => ({
  region: { code, name: code },
  level: "kabupaten_kota",
  coverage: coverage(given),
  last_at_ms: null,
});

describe("coverage", () => {
  const some = coverage({ stations: 10, corroborated: 2, provisional: 3, conflicting: 1, missing: 4 });

  it("tells what arrived from what counts", () => {
    expect(arrived(some)).toBe(6);
    expect(counted(some)).toBe(5);
    expect(parts(some).reduce((sum, part) => sum + part.count, 0)).toBe(some.stations);
  });

  it("has no share of nothing", () => {
    expect(share(0, 0)).toBe(0);
  });
});

describe("the order by problems", () => {
  it("comes first by share, not by number", () => {
    const large = row("52.02", { stations: 1000, missing: 100 });
    const small = row("52.01", { stations: 10, missing: 5 });
    const calm = row("52.03", { stations: 10, provisional: 10 });
    expect(byProblems([calm, large, small])).toEqual([small, large, calm]);
  });

  it("keeps the order of codes between equals and leaves its input alone", () => {
    const rows = [row("52.02", { stations: 1 }), row("52.01", { stations: 1 })];
    expect(byProblems(rows).map(({ region }) => region.code)).toEqual(["52.01", "52.02"]);
    expect(rows[0]?.region.code).toBe("52.02");
  });

  it("stands out in the worst third only, and never at zero", () => {
    const rows = [
      row("1", { stations: 10, missing: 6 }),
      row("2", { stations: 10, missing: 1 }),
      row("3", { stations: 10, missing: 2 }),
    ];
    const outstanding = standsOut(rows, "missing");
    expect(rows.map(outstanding)).toEqual([true, false, false]);
    expect(rows.some(standsOut(rows, "conflicting"))).toBe(false);
  });

  it("does not stand out where all are alike", () => {
    const rows = ["1", "2", "3"].map((code) => row(code, { stations: 10, missing: 10 }));
    expect(rows.some(standsOut(rows, "missing"))).toBe(false);
  });
});
