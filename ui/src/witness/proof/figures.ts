// What the proof shows of a sealed tally's figures.
import type { CellView, RowView, TallyView } from "../../shared/generated/witness";
import { number } from "../../shared/text/write";
import { t } from "../text/t";

/** A sealed figure: the number, or what the paper has instead of one. */
export function figureText({ figure }: CellView): string {
  if (figure === null) {
    return t("proof.untyped");
  }
  return typeof figure === "string" ? t(`proof.${figure}`) : number(figure.written);
}

/** The rows of the candidates. */
export function candidateRows(view: TallyView): RowView[] {
  return view.sections.flatMap((section) => section.rows.filter((row) => row.candidate !== null));
}

/** The rows after the candidates' on paper: what their votes add up to. */
export function totalRows(view: TallyView): RowView[] {
  const last = view.sections.findIndex((section) => section.rows.some((row) => row.candidate !== null));
  return last === -1 ? [] : view.sections.slice(last + 1).flatMap((section) => section.rows);
}
