// What is still open on a tally before it is sealed, taken from the view that the device computed.
import type { FindingView, ReadingView, StationQuestion, TallyView } from "../../shared/generated/witness";

export interface Remaining {
  readonly faults: readonly FindingView[];
  readonly warnings: readonly FindingView[];
  /** Figures that the device reads differently in a photo. */
  readonly readings: readonly ReadingView[];
  /** Figures that another paper of the station has differently. */
  readonly questions: readonly StationQuestion[];
  /** Pages without a photo. */
  readonly missingPages: readonly number[];
  /** Number of fields that are not typed. */
  readonly untyped: number;
}

export function remainingOf(view: TallyView): Remaining {
  return {
    faults: view.findings.filter((each) => each.finding.severity === "fault"),
    warnings: view.findings.filter((each) => each.finding.severity === "warning"),
    readings: view.readings.filter((each) => each.differs),
    questions: view.questions,
    missingPages: view.pages.filter((page) => page.photo === null).map((page) => page.page),
    untyped: view.fields - view.filled,
  };
}

/** The key of the first fault, reading or question that waits for an answer; `null` when none does. */
export function firstUnanswered({ faults, readings, questions }: Remaining): string | null {
  const fault = faults.find((each) => each.acknowledged_at_ms === null);
  const reading = readings.find((each) => each.answered_at_ms === null);
  const question = questions.find((each) => each.answered_at_ms === null);
  return fault?.finding.key ?? reading?.key ?? question?.key ?? null;
}
