// The paper's order of fields: what comes next, what comes before, and where the witness stopped.
import type { CellView, FieldCode, SectionView, TallyView } from "../../shared/generated/witness";

/** A field and the section in which it stands. */
export interface Spot {
  readonly section: FieldCode;
  readonly field: FieldCode;
}

interface OrderedCell extends Spot {
  readonly cell: CellView;
}

function cellsOf(sections: readonly SectionView[]): OrderedCell[] {
  return sections.flatMap((section) =>
    section.rows.flatMap((row) =>
      row.cells.map((cell) => ({ section: section.code, field: cell.field, cell })),
    ),
  );
}

/** The spot of a field; `null` when the paper has no such field. */
export function spotOf(tally: TallyView, field: FieldCode): Spot | null {
  return cellsOf(tally.sections).find((cell) => cell.field === field) ?? null;
}

/** The spot `steps` fields further (or back, when negative) in the paper's order; `null` beyond its ends. */
export function spotAfter(tally: TallyView, field: FieldCode, steps: 1 | -1): Spot | null {
  const cells = cellsOf(tally.sections);
  const index = cells.findIndex((cell) => cell.field === field);
  return index === -1 ? null : (cells[index + steps] ?? null);
}

/** Where to open a section: its first field that is not typed yet, or else its first. */
export function spotIn(tally: TallyView, section: FieldCode): Spot | null {
  const cells = cellsOf(tally.sections).filter((cell) => cell.section === section);
  return cells.find((cell) => cell.cell.figure === null) ?? cells[0] ?? null;
}

/**
 * Where the witness stopped: the first untyped field after the one typed last, then any untyped one from the top, then
 * the one typed last.
 */
export function spotToResume(tally: TallyView): Spot | null {
  const cells = cellsOf(tally.sections);
  const last = cells.findIndex((cell) => cell.field === tally.last_field);
  const untyped = (cell: OrderedCell): boolean => cell.cell.figure === null;
  return cells.slice(last + 1).find(untyped) ?? cells.find(untyped) ?? cells[last] ?? cells[0] ?? null;
}
