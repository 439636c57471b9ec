import { describe, expect, it } from "vitest";
import type { TargetView, VoteRow } from "../../shared/generated/console";
import { voteProgress } from "./target";

const row = (party: number | null, number: number | null, votes: number): VoteRow => ({
  ...{ choice: "IV.1", party, number, names: ["x"], label: "x", empty_column: false },
  ...{ votes: { verified: votes, corroborated: 0, provisional: 0 }, party_itself: null, candidates: [] },
});
const target = (given: Partial<TargetView>): TargetView => ({
  ...{ witnesses: null, by_date: null, participant: "ppwp:2", votes: null, share_permille: null },
  ...{ missing: 0, days_left: null, per_day: null, set_by: "user:rini", set_at_ms: 1 },
  ...given,
});
const pairs = [row(null, 1, 60), row(null, 2, 40)];

describe("a target of votes", () => {
  it("is reached by the votes, or by the share of the valid ones", () => {
    expect(voteProgress(target({ votes: 80 }), pairs, "ppwp")).toMatchObject({ votes: 40, reached: 0.5 });
    expect(voteProgress(target({ share_permille: 400 }), pairs, "ppwp")).toMatchObject({
      share: 0.4,
      reached: 1,
    });
  });

  it("with both needs both", () => {
    expect(voteProgress(target({ votes: 20, share_permille: 800 }), pairs, "ppwp")).toMatchObject({
      reached: 0.5,
    });
  });

  it("means a party's list, whichever the contest", () => {
    const lists = [row(3, null, 10), row(4, null, 30)];
    expect(voteProgress(target({ participant: "party:4", votes: 60 }), lists, "dpr-ntb-1")?.votes).toBe(30);
  });

  it("has no place beside other votes, nor without a number", () => {
    expect(voteProgress(target({ votes: 80 }), pairs, "dpd")).toBeNull();
    expect(voteProgress(target({ participant: null, votes: 80 }), pairs, "ppwp")).toBeNull();
    expect(voteProgress(target({ votes: 0 }), pairs, "ppwp")).toBeNull();
    expect(voteProgress(target({}), pairs, "ppwp")).toBeNull();
  });
});
