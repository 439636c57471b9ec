// What people are and do, in words.
import type { AssignmentView, Localized } from "../../shared/generated/console";
import type { IconName } from "../../shared/icons";
import { id } from "../text/id";
import { t, type Key } from "../text/t";

/** The name of what a person works on. An election's own fields are shown as they were typed. */
export function fieldName(field: string): string {
  const key = `person.field.${field}`;
  return key in id ? t(key as Key) : field;
}

/** How far a witness is on the way to sending: invited, joined. */
export type Joining = "joined" | "uninvited" | "unused" | "expired" | "withdrawn" | "used";

export function joiningOf({ joined_at_ms: joinedAtMs, invitation }: AssignmentView): Joining {
  if (joinedAtMs !== null) {
    return "joined";
  }
  return invitation === null ? "uninvited" : invitation.state;
}

export const joiningLooks: Readonly<Record<Joining, { icon: IconName; state: string }>> = {
  joined: { icon: "receipt", state: "is-receipted" },
  uninvited: { icon: "user-add", state: "is-draft" },
  unused: { icon: "half", state: "is-draft" },
  expired: { icon: "ban", state: "is-retake" },
  withdrawn: { icon: "ban", state: "is-draft" },
  used: { icon: "ban", state: "is-fault" },
};

/** Whether an invitation would bring this witness further. */
export function canInvite(assignment: AssignmentView): boolean {
  return assignment.joined_at_ms === null && assignment.ended_at_ms === null;
}

/** The names of contests, in one line. */
export function contestNames(
  contests: readonly string[],
  nameOf: (contest: string) => Localized | undefined,
  say: (name: Localized) => string,
): string {
  return contests
    .map((contest) => {
      const name = nameOf(contest);
      return name === undefined ? contest : say(name);
    })
    .join(", ");
}
