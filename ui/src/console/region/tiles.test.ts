// The classes of the tiles.
import { describe, expect, it } from "vitest";
import type { Coverage, RegionRow } from "../../shared/generated/console";
import { boundsOf, TILE_CLASSES, tiles } from "./tiles";

const none: Coverage = {
  stations: 1000,
  verified: 0,
  corroborated: 0,
  provisional: 0,
  conflicting: 0,
  missing: 1000,
  flagged: 0,
  photographed: 0,
  later_round: 0,
};
const row = (code: string, given: Partial<Coverage>): RegionRow => ({
  region: { code, name: code },
  level: "kecamatan",
  coverage: { ...none, ...given },
  last_at_ms: null,
});
const classOf = (given: Partial<Coverage>, measure: Parameters<typeof tiles>[1]): string | undefined =>
  tiles([row("52.71.01", given)], measure)[0]?.of;

describe("the tiles of regions", () => {
  it("keep the order of the codes, whatever their figures are", () => {
    const rows = [row("52.03", { missing: 0 }), row("52.01", {}), row("52.02", { missing: 500 })];
    expect(tiles(rows, "arrived").map((tile) => tile.row.region.code)).toEqual(["52.01", "52.02", "52.03"]);
  });

  it("say none and all only of none and all", () => {
    expect(classOf({ missing: 1000 }, "arrived")).toBe("none");
    expect(classOf({ missing: 999 }, "arrived")).toBe("few");
    expect(classOf({ missing: 1 }, "arrived")).toBe("most");
    expect(classOf({ missing: 0 }, "arrived")).toBe("all");
  });

  it("take a smaller share of problems for many", () => {
    expect(classOf({ flagged: 49 }, "problems")).toBe("few");
    expect(classOf({ conflicting: 30, flagged: 30 }, "problems")).toBe("many");
    expect(classOf({ conflicting: 200 }, "problems")).toBe("most");
  });

  it("count no station twice, though a tally can be flagged and in conflict", () => {
    expect(tiles([row("52", { conflicting: 700, flagged: 700 })], "problems")[0]?.share).toBe(1);
  });

  it("have nothing of a region without stations", () => {
    expect(classOf({ stations: 0, missing: 0 }, "arrived")).toBe("none");
  });

  it("have a legend without gaps", () => {
    const bounds = TILE_CLASSES.map((of) => boundsOf(of, "photographed"));
    bounds.slice(1).forEach((bound, place) => expect(bound.from).toBe(bounds[place]?.to));
  });
});
