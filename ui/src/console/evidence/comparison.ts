// How the verdict of a comparison looks: colour and icon, always with a word beside it.
import type { IconName } from "../../shared/icons";
import type { LogVerdict } from "../../shared/generated/console";

export interface Look {
  readonly state: "is-receipted" | "is-fault" | "is-retake";
  readonly icon: IconName;
}

export const LOOKS: Readonly<Record<LogVerdict, Look>> = {
  continues: { state: "is-receipted", icon: "receipt" },
  contradicts: { state: "is-fault", icon: "fault" },
  ahead: { state: "is-fault", icon: "fault" },
  never_heard: { state: "is-retake", icon: "warn" },
  other_log: { state: "is-retake", icon: "warn" },
  unsigned: { state: "is-retake", icon: "warn" },
  unreadable: { state: "is-retake", icon: "help" },
};

/** Whether the two texts belong together: as a proof that all is well, or that it is not. */
export function showsBoth(verdict: LogVerdict): boolean {
  return verdict === "continues" || verdict === "contradicts" || verdict === "ahead";
}
