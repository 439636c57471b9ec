// How the states of an incident look, and which may follow.
import type { IncidentCategory, IncidentState } from "../../shared/generated/console";
import type { IconName } from "../../shared/icons";
import { t } from "../text/t";
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

/** The kind of an incident, as a title. */
export function incidentName(category: IncidentCategory): string {
  const name = t(`incident.${category}`);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
