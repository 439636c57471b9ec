import { describe, expect, it } from "vitest";
import type { PageView, PhotoView } from "../../shared/generated/witness";
import { inRuns, missingPages, nextMissing, stateOfPage } from "./pages";

const photo: PhotoView = {
  hash: "aa",
  taken_at_ms: 1,
  width_px: 1,
  height_px: 1,
  total_bytes: 1,
  sent_bytes: 0,
  sealed: false,
  arrived: false,
  refusal: null,
  drawn: false,
  seen: null,
};

function page(number: number, changes: Partial<PhotoView> | null): PageView {
  const title = { id: "", en: "" };
  return { page: number, title, photo: changes === null ? null : { ...photo, ...changes } };
}

describe("the pages of a paper", () => {
  it("are without a photo, with one, or with one to look at again", () => {
    expect(stateOfPage(page(2, null))).toBe("none");
    expect(stateOfPage(page(2, {}))).toBe("there");
    expect(stateOfPage(page(2, { seen: { page: 2, issues: [] } }))).toBe("there");
    expect(stateOfPage(page(2, { seen: { page: null, issues: [] } }))).toBe("there");
    expect(stateOfPage(page(2, { seen: { page: 3, issues: [] } }))).toBe("check");
    expect(stateOfPage(page(2, { seen: { page: 2, issues: ["blurred"] } }))).toBe("check");
  });

  it("that are missing are found after the one just photographed, and then from the front", () => {
    const pages = [page(1, null), page(2, {}), page(3, {}), page(4, null)];
    expect(missingPages(pages)).toEqual([1, 4]);
    expect(nextMissing(pages, 2)).toBe(4);
    expect(nextMissing(pages, 4)).toBe(1);
    expect(nextMissing([page(1, {})], 1)).toBeNull();
  });

  it("are named in runs", () => {
    expect(inRuns([2, 5, 6, 7, 8, 20])).toBe("2, 5\u2060–\u20608, 20");
    expect(inRuns([1, 2, 4])).toBe("1, 2, 4");
    expect(inRuns([])).toBe("");
  });
});
