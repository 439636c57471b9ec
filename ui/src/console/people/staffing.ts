// How complete the staffing of a region is, and what it needs.
import type { Lack, StaffingRow } from "../../shared/generated/console";

/** The parts of the stations by number of witnesses, the fullest first. */
export function stationParts({
  two,
  one,
  none,
}: StaffingRow): { of: "two" | "one" | "none"; count: number }[] {
  return [
    { of: "two" as const, count: two },
    { of: "one" as const, count: one },
    { of: "none" as const, count: none },
  ];
}

/** The region's witnesses who lack something, of all that are assigned. */
export function lackingWitnesses({
  witnesses,
  joined,
  trained,
  letters,
}: StaffingRow): Record<Exclude<Lack, "witness" | "second_witness">, number> {
  return {
    joined: Math.max(0, witnesses - joined),
    trained: Math.max(0, witnesses - trained),
    letter: Math.max(0, witnesses - letters),
  };
}

/** Whether a target's day is over and witnesses are still missing, or more are needed each day than a region can find. */
export function isLate({ target }: StaffingRow): boolean {
  return target !== null && target.missing > 0 && target.days_left === 0;
}

/** The share of a part in a whole; 0 where there is no whole. */
export function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
