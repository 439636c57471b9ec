// A region's target of votes beside the running sums.
import type { ContestId, TargetView, VoteRow } from "../../shared/generated/console";
import { total } from "./coverage";

export interface VoteProgress {
  readonly row: VoteRow;
  /** The participant's votes so far. */
  readonly votes: number;
  /** Their share of all valid votes so far; 0 without any. */
  readonly share: number;
  /** How much of the target is reached, at most 1. */
  readonly reached: number;
}

/** How far a target of votes is reached; null where the shown votes are not those that it means. */
export function voteProgress(
  target: TargetView,
  votes: readonly VoteRow[],
  contest: ContestId | null,
): VoteProgress | null {
  const row = rowOf(target.participant, votes, contest);
  if (row === null) {
    return null;
  }
  const all = votes.reduce((sum, one) => sum + total(one.votes), 0);
  const own = total(row.votes);
  const share = all === 0 ? 0 : own / all;
  const wantedShare = target.share_permille === null ? null : target.share_permille / 1000;
  const parts = [
    target.votes === null ? null : own / target.votes,
    wantedShare === null ? null : share / wantedShare,
  ];
  const known = parts.filter((part) => part !== null && Number.isFinite(part)) as number[];
  return known.length === 0 ? null : { row, votes: own, share, reached: Math.min(1, ...known) };
}

/** The row of `party:3`, a list, or of `ppwp:1`, a candidate of that contest. */
function rowOf(
  participant: string | null,
  votes: readonly VoteRow[],
  contest: ContestId | null,
): VoteRow | null {
  const [of, number] = (participant ?? "").split(":");
  const wanted = Number(number);
  const found = votes.find(({ party, number: own }) =>
    of === "party" ? party === wanted : of === contest && party === null && own === wanted,
  );
  return found ?? null;
}
