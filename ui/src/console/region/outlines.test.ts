// The paths of a map.
import { describe, expect, it } from "vitest";
import { drawn, MAP_WIDTH } from "./outlines";

const square = (west: number, north: number, side: number): [number, number][] => [
  [west, north],
  [west + side, north],
  [west + side, north - side],
  [west, north - side],
  [west, north],
];

describe("the map of regions", () => {
  it("is nothing without an outline", () => {
    expect(drawn([])).toBeNull();
    expect(drawn([{ code: "52.01", rings: [] }])).toBeNull();
  });

  it("has the north above and the east on the right, and no empty strips", () => {
    const map = drawn([
      { code: "52.01", rings: [square(115, -8, 1)] },
      { code: "52.02", rings: [square(118, -8.5, 0.5)] },
    ]);
    const start = (code: string): number[] =>
      (map?.paths.get(code)?.match(/^M(-?[\d.]+),(-?[\d.]+)/) ?? []).slice(1).map(Number);
    const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [start("52.01"), start("52.02")];
    expect(x2).toBeGreaterThan(x1);
    expect(y2).toBeGreaterThan(y1);
    // 3.5 degrees wide and one high.
    expect(map?.height).toBeLessThan(MAP_WIDTH / 3);
  });

  it("keeps the holes of a region: they are rings of the same path", () => {
    const map = drawn([{ code: "52.01", rings: [square(115, -8, 1), square(115.3, -8.3, 0.2)] }]);
    expect(map?.paths.get("52.01")?.match(/M/g)).toHaveLength(2);
  });
});
