import { describe, expect, it } from "vitest";
import { countdown } from "./countdown";

describe("a countdown", () => {
  it.each([
    [-5000, { unit: "now" }],
    [900, { unit: "now" }],
    [1001, { unit: "seconds", n: 2 }],
    [59_000, { unit: "seconds", n: 59 }],
    [59_001, { unit: "minutes", n: 1 }],
    [61_000, { unit: "minutes", n: 2 }],
    [90 * 60_000, { unit: "minutes", n: 90 }],
    [91 * 60_000, { unit: "hours", n: 2 }],
  ])("of %d ms is said as %o", (leftMs, said) => {
    expect(countdown(leftMs)).toEqual(said);
  });
});
