// How differences are written and drawn.
import type { ChoiceName, DifferenceRow, Rung } from "../../shared/generated/console";
import { number } from "../../shared/text/write";
import { t, type Key } from "../text/t";

/** A difference with its sign, as people write it: +60, −60, 0. */
export function signed(difference: number): string {
  const size = number(Math.abs(difference));
  return difference === 0 ? "0" : difference > 0 ? `+${size}` : `−${size}`;
}

/** How people name a choice: 7, or 5.7 for a candidate of a list. */
export function shortChoice(choice: string): string {
  return choice.replace(/^L/, "").replace(/\.0$/, ` ${t("differences.party_itself")}`);
}

/** The difference in a column: a list's column has all that belongs to the list. */
export function ofColumn(votes: Readonly<Record<string, number>>, column: string): number {
  const parts = Object.entries(votes).filter(
    ([choice]) => choice === column || (column.startsWith("L") && choice.startsWith(`${column}.`)),
  );
  return parts.reduce((sum, [, difference]) => sum + difference, 0);
}

/** What a pattern looks like, in words. It says nothing about why. */
export function patternOf(row: DifferenceRow): string {
  const [from, to] = row.from_to ?? [null, null];
  const only = Object.entries(row.votes)[0];
  switch (row.shape) {
    case "same_size":
    case "candidate_to_party":
    case "party_to_candidate":
      return from === null || to === null
        ? t(`shape.${row.shape}`)
        : t("shape.from_to", { from: shortChoice(from), to: shortChoice(to) });
    case "one_figure":
      return only === undefined
        ? t("shape.one_figure")
        : t(only[1] < 0 ? "shape.fewer" : "shape.more", { count: number(Math.abs(only[1])) });
    case "one_digit": {
      const digits = only === undefined ? null : changedDigit(row, only[0]);
      return digits === null ? t("shape.one_digit") : t("shape.digit", { from: digits[0], to: digits[1] });
    }
    default:
      return t(`shape.${row.shape}`);
  }
}

/** The one digit that differs: as the witnesses have it, and as the official result has it. */
function changedDigit(row: DifferenceRow, choice: string): [string, string] | null {
  const pair = [row.witnessed[choice], row.official[choice]].map((votes) => String(votes ?? 0));
  const width = Math.max(...pair.map((text) => text.length));
  const [witnessed = "", official = ""] = pair.map((text) => text.padStart(width, "0"));
  const at = [...witnessed].findIndex((digit, place) => digit !== official[place]);
  const [from, to] = [witnessed[at], official[at]];
  return from === undefined || to === undefined ? null : [from, to];
}

export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly more: boolean;
}

/** Half the width of the drawing, in its own units. */
export const HALF = 62;
/** Rows of bars that are drawn; the table beside it has them all. */
const BARS_MAX = 6;

/** Bars to the right for more and to the left for fewer, each column in a row of its own. */
export function bars(row: DifferenceRow, columns: readonly ChoiceName[], largest: number): Bar[] {
  const differing = columns.map(({ choice }) => ofColumn(row.votes, choice));
  const scale = (HALF - 2) / Math.max(1, largest);
  const step = 25 / Math.max(3, Math.min(BARS_MAX, differing.length));
  return differing.slice(0, BARS_MAX).flatMap((difference, index) => {
    const width = Math.max(2, Math.abs(difference) * scale);
    const bar = { width, y: index * step + 1.5, more: difference > 0 };
    return difference === 0 ? [] : [{ ...bar, x: difference > 0 ? HALF + 1 : HALF - 1 - width }];
  });
}

/** The name of a rung; of the witnesses' for null. */
export function rungName(rung: Rung | null): Key {
  return rung === null ? "rung.witnesses" : `rung.${rung}`;
}

/** A probability in words: "1 banding 512", which says more than 0.00195. */
export function oddsText(probability: number): string {
  const oneIn = probability > 0 ? 1 / probability : Number.POSITIVE_INFINITY;
  return oneIn >= 1_000_000
    ? t("leaning.below_a_millionth")
    : t("leaning.odds", { count: number(Math.round(oneIn)) });
}
