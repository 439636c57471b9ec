// Which figures a screen is about: of one contest, or of all contests of a kind.
import type { ContestId, ContestView, KindView } from "../../shared/generated/console";
import { localized } from "../../shared/text/language.svelte";
import type { FiguresOf } from "../route";
import { t } from "../text/t";

/** What the address asks for; the first kind that is voted where it asks for nothing. */
export function askedOf(kinds: readonly KindView[], asked: FiguresOf): FiguresOf {
  return asked.contest !== null || asked.kind !== null
    ? asked
    : { kind: kinds[0]?.kind ?? null, contest: null };
}

/** The contest that the address asks for; else the first of its kind. Null where that is not known. */
export function contestOf(kinds: readonly KindView[], asked: FiguresOf): ContestView | null {
  const all = kinds.flatMap(({ contests }) => contests);
  const named = all.find(({ contest }) => contest === asked.contest);
  const ofKind = all.find(({ kind }) => asked.kind === null || kind === asked.kind);
  return named ?? (asked.contest === null ? (ofKind ?? null) : null);
}

/** The name of what is shown: the contest's short name, or the kind's. */
export function nameOf(kinds: readonly KindView[], asked: FiguresOf): string {
  const contest = asked.contest === null ? null : contestOf(kinds, asked);
  const only = kinds.find(({ kind }) => kind === asked.kind)?.contests ?? [];
  if (contest !== null) {
    return localized(contest.short_title);
  }
  if (asked.contest !== null) {
    return asked.contest;
  }
  return only.length === 1 && only[0] !== undefined
    ? localized(only[0].short_title)
    : asked.kind === null
      ? ""
      : t(`kind.${asked.kind}`);
}

/** One key for a query of these figures. */
export function keyOf({ kind, contest }: FiguresOf): ContestId {
  return contest ?? `*${kind ?? ""}`;
}
