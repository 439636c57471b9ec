import { describe, expect, it } from "vitest";
import { translator } from "./translator";

const translate = translator({
  id: { waiting: "{photos, plural, =0 {tidak ada foto} other {# foto}} menunggu", plain: "Segel" },
  en: { waiting: "{photos, plural, =0 {no photos} one {# photo} other {# photos}} waiting", plain: "Seal" },
});

describe("words", () => {
  it("come in the asked language", () => {
    expect(translate("id", "plain")).toBe("Segel");
    expect(translate("en", "plain")).toBe("Seal");
  });

  it("follow the plural and the number format of the language", () => {
    expect(translate("en", "waiting", { photos: 1 })).toBe("1 photo waiting");
    expect(translate("id", "waiting", { photos: 1200 })).toBe("1.200 foto menunggu");
    expect(translate("id", "waiting", { photos: 0 })).toBe("tidak ada foto menunggu");
  });
});
