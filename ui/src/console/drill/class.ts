// What the wall shows of a class, from what the hall answers.
import type { DrillPhoneView, DrillStage, DrillView } from "../../shared/generated/console";

/** The stages in which somebody works, in their order. */
export const STAGES = [
  "entering",
  "photographing",
  "sealed",
  "graded",
] as const satisfies readonly DrillStage[];

/** How many of the stages a phone has behind it. */
export function stagesDone({ stage }: DrillPhoneView): number {
  return stage === "graded"
    ? STAGES.length
    : Math.max(
        0,
        STAGES.findIndex((each) => each === stage),
      );
}

/** Whether the phone has finished the exercise that is open. */
export function isDone(phone: DrillPhoneView, view: DrillView): boolean {
  return phone.stage === "graded" && phone.exercise === view.exercise_open;
}

export interface ClassCounts {
  readonly done: number;
  readonly hands: number;
  readonly silent: number;
}

export function classCounts(view: DrillView): ClassCounts {
  const { phones } = view;
  return {
    done: phones.filter((phone) => isDone(phone, view)).length,
    hands: phones.filter((phone) => phone.hand_raised_at_ms !== null).length,
    silent: phones.filter((phone) => !phone.connected).length,
  };
}

/** The exercise that comes next; null after the last one. */
export function nextExercise(view: DrillView): number | null {
  const next = view.ended_at_ms === null ? (view.exercise_open ?? 0) + 1 : 1;
  return next <= view.exercises.length ? next : null;
}

/** A time as minutes and seconds, `6.14`. */
export function minutesSeconds(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")}`;
}
