// The next step at a station: the primary action of the home screen.
import type { ContestId, StationView, TallyCard } from "../shared/generated/witness";

/** What to do next, and with which contest. */
export interface NextStep {
  readonly act: "answer_refusal" | "continue" | "check" | "begin" | "photograph";
  readonly contest: ContestId;
  readonly card: TallyCard;
}

/** What to do with one contest; `null` when nothing waits for the witness. */
function actFor(card: TallyCard): NextStep["act"] | null {
  if (card.life.state === "refused") {
    return "answer_refusal";
  }
  if (card.life.state === "draft") {
    if (card.filled === 0) {
      return "begin";
    }
    return card.filled < card.fields ? "continue" : "check";
  }
  return card.pages_photographed < card.pages ? "photograph" : null;
}

/** In the order of urgency: what is begun is finished before something new is begun. */
const urgency: readonly NextStep["act"][] = ["check", "continue", "answer_refusal", "begin", "photograph"];

/** The next step at a station; `null` when everything is done. */
export function nextStep(station: StationView): NextStep | null {
  const steps = station.tallies.flatMap((card) => {
    // What a later round replaces may still be written, but nobody waits for it.
    const act = card.life.state === "draft" && !card.is_newest_round ? null : actFor(card);
    return act === null ? [] : [{ act, contest: card.contest, card }];
  });
  steps.sort((one, other) => urgency.indexOf(one.act) - urgency.indexOf(other.act));
  return steps[0] ?? null;
}
