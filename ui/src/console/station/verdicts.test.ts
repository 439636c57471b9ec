import { expect, test } from "vitest";
import type { Decision, VerdictView } from "../../shared/generated/console";
import { standingVerdict } from "./verdicts";

const given = (decision: Decision): VerdictView => ({
  decision,
  reason: "",
  reviewer: "user:k",
  reviewer_invited: false,
  at_ms: 1,
  signature: "signed",
  wrong_station: false,
  key: "aa",
  statement: "bb",
  log_index: 1,
});

test("the last verdict stands, and one that was taken back leaves none", () => {
  expect(standingVerdict({ verdicts: [] })).toBeNull();
  expect(standingVerdict({ verdicts: [given("verified"), given("disputed")] })?.decision).toBe("disputed");
  expect(standingVerdict({ verdicts: [given("verified"), given("withdrawn")] })).toBeNull();
});
