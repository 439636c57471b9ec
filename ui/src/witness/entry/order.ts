// The paper's order of fields: what comes next, what comes before, and where the witness stopped.
import type { CellView, FieldCode, RowView, SectionView, TallyView } from "../../shared/generated/witness";

/** A field and the section in which it stands. */
export interface Spot {
  readonly section: FieldCode;
  readonly field: FieldCode;
}

/** Whether the rows of a section that nobody asks for are open for typing. */
export type IsOpened = (section: FieldCode) => boolean;

interface OrderedCell extends Spot {
  readonly cell: CellView;
  readonly asked: boolean;
}

const closed: IsOpened = () => false;

/** Whether a row is on the screen: asked for, opened, or with a figure already. */
export function isShown(row: RowView, opened: boolean): boolean {
  return row.asked || opened || row.cells.some((cell) => cell.figure !== null);
}

function cellsOf(sections: readonly SectionView[], isOpened: IsOpened): OrderedCell[] {
  return sections.flatMap((section) =>
    section.rows
      .filter((row) => isShown(row, isOpened(section.code)))
      .flatMap((row) =>
        row.cells.map((cell) => ({ section: section.code, field: cell.field, cell, asked: row.asked })),
      ),
  );
}

/** The spot of a field; `null` when the paper has no such field. */
export function spotOf(tally: TallyView, field: FieldCode): Spot | null {
  return cellsOf(tally.sections, () => true).find((cell) => cell.field === field) ?? null;
}

/** The spot `steps` fields further (or back, when negative) in the paper's order; `null` beyond its ends. */
export function spotAfter(
  tally: TallyView,
  field: FieldCode,
  steps: 1 | -1,
  isOpened: IsOpened = closed,
): Spot | null {
  const cells = cellsOf(tally.sections, isOpened);
  const index = cells.findIndex((cell) => cell.field === field);
  return index === -1 ? null : (cells[index + steps] ?? null);
}

/** Where to open a section: its first field that is asked for and not typed yet, or else its first. */
export function spotIn(tally: TallyView, section: FieldCode, isOpened: IsOpened = closed): Spot | null {
  const cells = cellsOf(tally.sections, isOpened).filter((cell) => cell.section === section);
  return cells.find(isOpen) ?? cells[0] ?? null;
}

function isOpen({ asked, cell }: OrderedCell): boolean {
  return asked && cell.figure === null;
}

/**
 * Where the witness stopped: the first untyped field after the one typed last, then any untyped one from the top, then
 * the one typed last.
 */
export function spotToResume(tally: TallyView): Spot | null {
  const cells = cellsOf(tally.sections, closed);
  const last = cells.findIndex((cell) => cell.field === tally.last_field);
  return cells.slice(last + 1).find(isOpen) ?? cells.find(isOpen) ?? cells[last] ?? cells[0] ?? null;
}
