import { describe, expect, it } from "vitest";
import { spokenPhone } from "./phone";

describe("a phone number", () => {
  it("is written with a zero at home, and in groups that can be read aloud", () => {
    expect(spokenPhone("+6281234567890")).toBe("0812 3456 7890");
    expect(spokenPhone("+628123456789")).toBe("0812 3456 789");
  });

  it("of another country keeps its code", () => {
    expect(spokenPhone("+60123456789")).toBe("+6012 3456 789");
  });
});
