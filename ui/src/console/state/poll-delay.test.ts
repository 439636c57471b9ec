// Delays grow while nothing answers, and stay within bounds.
import { describe, expect, it } from "vitest";
import { pollDelayMs, POLL_INTERVAL_MS } from "./poll-delay";

describe("the poll delay", () => {
  it("is steady while answers come, whatever the jitter", () => {
    expect(pollDelayMs(0, 0)).toBe(POLL_INTERVAL_MS);
    expect(pollDelayMs(0, 0.99)).toBe(POLL_INTERVAL_MS);
  });

  it("grows with each failure and never beyond a minute", () => {
    const pauses = [1, 2, 3, 4, 5, 60, 2000].map((failures) => pollDelayMs(failures, 0.999));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.every((pause) => pause <= 60_000)).toBe(true);
    expect(pauses[0]).toBeLessThan(pauses[2] ?? 0);
  });

  it("spreads by jitter but never falls below half", () => {
    expect(pollDelayMs(3, 0)).toBe(pollDelayMs(3, 0.5) / 1.5);
  });
});
