// How the states of an incident look, and which may follow.
import type { IncidentState } from "../../shared/generated/console";
import type { IconName } from "../../shared/icons";
import { INCIDENT_STATES } from "./route";

export const incidentLooks: Readonly<Record<IncidentState, { icon: IconName; state: string }>> = {
  new: { icon: "flag", state: "is-fault" },
  seen: { icon: "zoom", state: "is-retake" },
  in_work: { icon: "half", state: "is-sealed" },
  closed: { icon: "check", state: "is-receipted" },
};

/** The states that a step may give: all but that nobody has looked. */
export const NEXT_STATES = INCIDENT_STATES.filter((state) => state !== "new");

/** The state that is proposed for the next step. */
export function proposed(state: IncidentState): IncidentState {
  const next: Readonly<Record<IncidentState, IncidentState>> = {
    new: "seen",
    seen: "in_work",
    in_work: "closed",
    closed: "in_work",
  };
  return next[state];
}
