// Rounds: the first count of a station and contest, and later votes or counts that replace it.
import { localized } from "../shared/text/language.svelte";
import { date } from "../shared/text/write";
import { FIRST_ROUND, type TallyKey } from "./commands";
import type { RoundView, StationId, StationView, TallyCard, TallyView } from "../shared/generated/witness";
import { t } from "./text/t";

/** The number of a round; `null` is the first count. */
export function roundNumber(round: RoundView | null | undefined): number {
  return round?.number ?? FIRST_ROUND;
}

/** The tally of a card. */
export function keyOfCard(station: StationId, card: TallyCard): TallyKey {
  return { station, contest: card.contest, round: roundNumber(card.round) };
}

/** The tally that a view shows. */
export function keyOfView({ station, contest, round }: TallyView): TallyKey {
  return { station, contest, round: roundNumber(round) };
}

/** The rounds of one contest at a station, the newest last. */
export function roundsOf(station: StationView, { contest }: TallyCard): TallyCard[] {
  const cards = station.tallies.filter((card) => card.contest === contest);
  return cards.sort((one, other) => roundNumber(one.round) - roundNumber(other.round));
}

/** The name of a paper, and in a later round which: "DPR RI (PSU)". */
export function paperName(paper: Pick<TallyCard, "short_title" | "round">): string {
  const name = localized(paper.short_title);
  return paper.round === null ? name : `${name} (${t(`round.${paper.round.kind}.short`)})`;
}

/** "Pemungutan suara ulang, 24 Februari 2024". */
export function roundName(round: RoundView): string {
  return t("round.name", { kind: t(`round.${round.kind}`), date: date(round.date) });
}
