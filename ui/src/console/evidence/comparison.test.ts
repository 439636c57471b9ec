// Both texts are shown where they prove something together.
import { describe, expect, it } from "vitest";
import { LOOKS, showsBoth } from "./comparison";

describe("verdict", () => {
  it("is red only where the log itself is in doubt", () => {
    const red = Object.entries(LOOKS).filter(([, look]) => look.state === "is-fault");
    expect(red.map(([verdict]) => verdict)).toEqual(["contradicts", "ahead"]);
  });

  it("keeps both texts where the log is in doubt", () => {
    for (const [verdict, look] of Object.entries(LOOKS)) {
      if (look.state === "is-fault") {
        expect(showsBoth(verdict as keyof typeof LOOKS)).toBe(true);
      }
    }
    expect(showsBoth("unreadable")).toBe(false);
  });
});
