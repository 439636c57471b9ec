import { describe, expect, it } from "vitest";
import { sampleFindings, sampleTally } from "../../../dev/sample";
import { firstUnanswered, remainingOf } from "./remaining";

describe("what is still open on a tally", () => {
  it("is sorted by kind", () => {
    const remaining = remainingOf({ ...sampleTally(), findings: sampleFindings(null) });
    expect(remaining.faults.map(({ finding }) => finding.code)).toEqual(["F401"]);
    expect(remaining.warnings.map(({ finding }) => finding.code)).toEqual(["W201"]);
    expect(remaining).toMatchObject({ missingPages: [1, 2, 3], readings: [] });
    expect(remaining.untyped).toBe(sampleTally().fields);
  });

  it("begins with the first fault without an answer; a warning waits for none", () => {
    const open = { ...sampleTally(), findings: sampleFindings(null) };
    expect(firstUnanswered(remainingOf(open))).toBe("F401");
    expect(firstUnanswered(remainingOf({ ...open, findings: sampleFindings(1) }))).toBeNull();
  });
});
