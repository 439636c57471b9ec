import { describe, expect, it } from "vitest";
import { translator } from "./translate";

const say = translator({
  id: { waiting: "{photos, plural, =0 {tidak ada foto} other {# foto}} menunggu", plain: "Segel" },
  en: { waiting: "{photos, plural, =0 {no photos} one {# photo} other {# photos}} waiting", plain: "Seal" },
});

describe("words", () => {
  it("come in the asked language", () => {
    expect(say("id", "plain")).toBe("Segel");
    expect(say("en", "plain")).toBe("Seal");
  });

  it("follow the plural and the number format of the language", () => {
    expect(say("en", "waiting", { photos: 1 })).toBe("1 photo waiting");
    expect(say("id", "waiting", { photos: 1200 })).toBe("1.200 foto menunggu");
    expect(say("id", "waiting", { photos: 0 })).toBe("tidak ada foto menunggu");
  });
});
