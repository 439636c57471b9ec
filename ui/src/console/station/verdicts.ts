// Which of a tally's verdicts stands.
import type { Decision, TallyView, VerdictView } from "../../shared/generated/console";

/** A verdict that was not taken back. */
export type StandingVerdict = VerdictView & { decision: Exclude<Decision, "withdrawn"> };

/** The last verdict; null where there is none, or it was taken back. */
export function standingVerdict(tally: Pick<TallyView, "verdicts">): StandingVerdict | null {
  const last = tally.verdicts.at(-1);
  return last === undefined || last.decision === "withdrawn" ? null : { ...last, decision: last.decision };
}
