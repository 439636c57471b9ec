import { expect, it } from "vitest";
import { bandColor } from "./band";

const hue = (number: number): number => Number(/hsl\((\d+)/.exec(bandColor(number))?.[1]);

it("gives elections that follow each other colours that are far apart", () => {
  for (let number = 1; number < 16; number += 1) {
    const apart = Math.abs(hue(number) - hue(number + 1));
    expect(Math.min(apart, 360 - apart)).toBeGreaterThan(90);
  }
  expect(new Set(Array.from({ length: 16 }, (_, at) => bandColor(at + 1))).size).toBe(16);
});
