// The sorts of incidents, in the order in which they are offered: what comes up most first.
import type { IncidentCategory } from "../shared/generated/witness";

export const incidents: readonly IncidentCategory[] = [
  "objection",
  "figures_changed",
  "copy_withheld",
  "witness_hindered",
  "time_or_place",
  "material",
  "ballot_tampering",
  "voter_rights",
  "inducement",
  "intimidation",
  "neutrality",
  "violence",
  "disaster",
  "other",
];
