// The pauses grow while nothing answers, and stay within bounds.
import { describe, expect, it } from "vitest";
import { pause_ms, STEADY_MS } from "./pace";

describe("pause", () => {
  it("is steady while answers come, whatever chance says", () => {
    expect(pause_ms(0, 0)).toBe(STEADY_MS);
    expect(pause_ms(0, 0.99)).toBe(STEADY_MS);
  });

  it("grows with each failure and never beyond a minute", () => {
    const pauses = [1, 2, 3, 4, 5, 60, 2000].map((failures) => pause_ms(failures, 0.999));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.every((pause) => pause <= 60_000)).toBe(true);
    expect(pauses[0]).toBeLessThan(pauses[2] ?? 0);
  });

  it("spreads by chance but never falls below half", () => {
    expect(pause_ms(3, 0)).toBe(pause_ms(3, 0.5) / 1.5);
  });
});
