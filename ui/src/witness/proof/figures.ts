// What the proof shows of a sealed tally's figures.
import type { CellView, RowView, TallyView } from "../../shared/generated/witness";
import { isPartySection, partySections, sumRow } from "../entry/parties";
import { number } from "../../shared/text/write";
import { t } from "../text/t";

/** A sealed figure: the number, or what the paper has instead of one. */
export function figureText({ figure }: CellView): string {
  if (figure === null) {
    return t("proof.untyped");
  }
  return typeof figure === "string" ? t(`proof.${figure}`) : number(figure.written);
}

/** The rows whose figures a proof is about: the lists' totals, or the candidates of a paper without lists. */
export function candidateRows(view: TallyView): RowView[] {
  const sums = partySections(view).flatMap((section) => sumRow(section) ?? []);
  return sums.length > 0
    ? sums
    : view.sections.flatMap((section) => section.rows.filter((row) => row.candidate !== null));
}

/** The number beside such a row: that of the party, or of the candidate. */
export function numberOfRow(view: TallyView, row: RowView): number {
  return row.candidate ?? view.sections.find((section) => section.rows.includes(row))?.party ?? 0;
}

/** The rows after the candidates' on paper: what their votes add up to. */
export function totalRows(view: TallyView): RowView[] {
  const votes = view.sections.map((section) => section.rows.some(({ candidate }) => candidate !== null));
  const last = Math.max(votes.lastIndexOf(true), view.sections.map(isPartySection).lastIndexOf(true));
  return last === -1 ? [] : view.sections.slice(last + 1).flatMap((section) => section.rows);
}
