// The photo that is shown is the one that a coordinator would choose.
import { describe, expect, it } from "vitest";
import type { PhotoView } from "../../shared/generated/console";
import { photographers, photoOf } from "./photos";

const photo = (hash: string, page: number, witness: string, arrived: boolean): PhotoView => ({
  hash,
  page,
  witness,
  tally: "00",
  total_bytes: 10,
  received_bytes: arrived ? 10 : 3,
  arrived,
  original: { hash: "ff", total_bytes: 90, received_bytes: 0, wanted: false, arrived: false },
  sealed_at_ms: 0,
  seen_page: null,
  issues: [],
  quarantined: false,
  log_index: null,
});

const photos = [
  photo("a2", 2, "A", true),
  photo("b2", 2, "B", false),
  photo("c2", 2, "A", true),
  photo("b3", 3, "B", false),
];

describe("photo of a page", () => {
  it("is the latest whole one when nobody in particular is asked for", () => {
    expect(photoOf(photos, 2, null)?.hash).toBe("c2");
  });

  it("is the asked witness's, even when it has not wholly arrived", () => {
    expect(photoOf(photos, 2, "B")?.hash).toBe("b2");
  });

  it("is another's when the asked witness has none of that page", () => {
    expect(photoOf(photos, 3, "A")?.hash).toBe("b3");
  });

  it("is none when nobody took one", () => {
    expect(photoOf(photos, 1, "A")).toBeNull();
  });

  it("names each photographer once", () => {
    expect(photographers(photos)).toEqual(["A", "B"]);
  });
});
