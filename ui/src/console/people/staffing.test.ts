import { describe, expect, it } from "vitest";
import type { StaffingRow, TargetView } from "../../shared/generated/console";
import { isLate, lackingWitnesses, shareOf, stationParts } from "./staffing";

const target = (missing: number, daysLeft: number | null): TargetView => ({
  ...{ witnesses: 20, by_date: "2029-02-01", participant: null, votes: null, share_permille: null },
  ...{ missing, days_left: daysLeft, per_day: null, set_by: "user:rini", set_at_ms: 1 },
});
const row = (given: Partial<StaffingRow>): StaffingRow => ({
  ...{ code: "52.71", name: "Mataram", stations: 10, none: 2, one: 3, two: 5 },
  ...{ witnesses: 13, joined: 4, trained: 15, letters: 13, target: null },
  ...given,
});

describe("staffing", () => {
  it("has all stations in its parts, the fullest first", () => {
    expect(stationParts(row({}))).toEqual([
      ...[
        { of: "two", count: 5 },
        { of: "one", count: 3 },
        { of: "none", count: 2 },
      ],
    ]);
  });

  it("counts what witnesses lack, and never below nothing", () => {
    expect(lackingWitnesses(row({}))).toEqual({ joined: 9, trained: 0, letter: 0 });
  });

  it("is late when the day is over and somebody is missing", () => {
    expect(isLate(row({}))).toBe(false);
    expect(isLate(row({ target: target(3, 0) }))).toBe(true);
    expect(isLate(row({ target: target(0, 0) }))).toBe(false);
    expect(isLate(row({ target: target(3, 1) }))).toBe(false);
    expect(isLate(row({ target: target(3, null) }))).toBe(false);
  });

  it("has no share of nothing", () => {
    expect(shareOf(1, 4)).toBe(0.25);
    expect(shareOf(0, 0)).toBe(0);
  });
});
