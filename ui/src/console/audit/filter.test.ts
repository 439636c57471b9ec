import { describe, expect, it } from "vitest";
import { wholeAudit } from "../route";
import { filterOf, isFiltered } from "./filter";

describe("the filter of the audit", () => {
  it("reaches from the begin of the first day to the end of the last", () => {
    const { fromMs, untilMs } = filterOf({ ...wholeAudit, from: "2029-02-14", until: "2029-02-14" });
    expect(new Date(fromMs ?? 0).toISOString()).toBe("2029-02-13T16:00:00.000Z");
    expect((untilMs ?? 0) - (fromMs ?? 0)).toBe(86_400_000);
  });

  it("takes no word for a day that is none", () => {
    expect(filterOf({ ...wholeAudit, from: "yesterday" }).fromMs).toBeNull();
  });

  it("knows whether it hides rows", () => {
    expect(isFiltered(wholeAudit)).toBe(false);
    expect(isFiltered({ ...wholeAudit, actor: "user:rini" })).toBe(true);
    expect(isFiltered({ ...wholeAudit, search: "x" })).toBe(true);
  });
});
