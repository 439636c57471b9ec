import { describe, expect, it } from "vitest";
import { figureText } from "./figure";
import { duration } from "./time";

describe("what a trainee reads", () => {
  it("is a duration as people say it", () => {
    expect([0, 59, 60, 372].map(duration)).toEqual(["0 dtk", "59 dtk", "1 mnt 0 dtk", "6 mnt 12 dtk"]);
  });

  it("tells blank, illegible and not typed from a number", () => {
    expect(figureText({ written: 128 })).toBe("128");
    expect(figureText({ written: 0 })).toBe("0");
    expect([null, "blank" as const, "illegible" as const].map(figureText)).toEqual([
      "–",
      "kosong",
      "tak terbaca",
    ]);
  });
});
