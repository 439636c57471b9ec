// The chart's bars stand on the axis, inside the picture, and never lie about a number.
import { describe, expect, it } from "vitest";
import type { Arrivals } from "../../shared/generated/console";
import { chart as chartOf, HEIGHT, WIDTH, type Chart } from "./arrivals";

const steps = (...counts: [number, number][]): Arrivals[] =>
  counts.map(([tallies, photos], index) => ({ from_ms: index * STEP_MS, tallies, photos }));

const STEP_MS = 1_800_000;
const chart = (arrivals: Arrivals[]): Chart | null => chartOf(arrivals, STEP_MS);

describe("arrivals' chart", () => {
  it("is none when nothing arrived", () => {
    expect(chart([])).toBeNull();
    expect(chart(steps([0, 0], [0, 0]))).toBeNull();
  });

  it("keeps every bar inside the picture and on its side of the axis", () => {
    const drawn = chart(steps([1, 0], [40, 7], [0, 90], [12, 3]));
    for (const bar of drawn?.bars ?? expect.unreachable("nothing was drawn")) {
      expect(bar.x).toBeGreaterThanOrEqual(0);
      expect(bar.x + bar.width).toBeLessThanOrEqual(WIDTH);
      expect(bar.up.y + bar.up.height).toBeCloseTo(drawn?.axisY ?? Number.NaN);
      expect(bar.down.y).toBeGreaterThan(drawn?.axisY ?? Number.NaN);
      expect(bar.down.y + bar.down.height).toBeLessThanOrEqual(HEIGHT);
    }
  });

  it("draws tallies and photos on one scale", () => {
    const bar = chart(steps([20, 20]))?.bars.at(-1);
    expect(bar?.up.height).toBeCloseTo((bar?.down.height ?? 0) + 1.6);
  });

  it("finds the step with most tallies and has whole numbers on its lines", () => {
    const drawn = chart(steps([1, 1], [2, 0], [1, 0]));
    expect(drawn?.peak.tallies).toBe(2);
    expect(drawn?.grid.every(({ value }) => Number.isInteger(value) && value > 0)).toBe(true);
  });

  it("has the first arrivals at its right end, with the empty steps before them", () => {
    const bars = chart(steps([3, 1], [2, 0]))?.bars ?? [];
    expect(bars.slice(-2).map(({ tallies }) => tallies)).toEqual([3, 2]);
    expect(bars.slice(0, -2).every(({ tallies, photos }) => tallies + photos === 0)).toBe(true);
    expect(new Set(bars.map(({ fromMs }) => fromMs)).size).toBe(bars.length);
  });

  it("writes few times, however long the evening", () => {
    for (const length of [1, 2, 5, 6, 11, 48]) {
      const times = chart(steps(...Array.from({ length }, (): [number, number] => [1, 1])))?.times ?? [];
      expect(times.length).toBeGreaterThan(0);
      expect(times.length).toBeLessThanOrEqual(5);
    }
  });
});
