// Pages join in order and stop where the list ends.
import { describe, expect, it } from "vitest";
import type { StationCursor, StationId, StationList, StationRow } from "../../shared/generated/console";
import { appended, manyPages } from "./pages";

const row = (station: StationId): StationRow => ({
  station,
  kind: "tps",
  round: 1,
  newest_round: 1,
  number: 1,
  desa: "",
  kecamatan: "",
  standing: "missing",
  conflicts: [],
  witnesses: 0,
  tallies: 0,
  faults: 0,
  pages_photographed: 0,
  pages: 3,
  last_at_ms: null,
});

describe("pages", () => {
  const all = ["a", "b", "c", "d", "e"];
  const load = async (after: StationCursor | null): Promise<StationList> => {
    const from = after === null ? 0 : all.indexOf(after) + 1;
    const stations = all.slice(from, from + 2);
    return {
      stations: stations.map(row),
      total: all.length,
      next: from + 2 < all.length ? (stations.at(-1) ?? null) : null,
    };
  };

  it.each([
    [1, "ab", "b"],
    [2, "abcd", "d"],
    [3, "abcde", null],
    [9, "abcde", null],
  ])("%i pages hold %s", async (wanted, stations, next) => {
    const list = await manyPages(load, wanted);
    expect(list.stations.map(({ station }) => station).join("")).toBe(stations);
    expect(list.next).toBe(next);
    expect(list.total).toBe(5);
  });

  it("hold once what moved to the next page while it was read", () => {
    expect(appended(["a", "b"], ["b", "c"], (row) => row)).toEqual(["a", "b", "c"]);
  });
});
