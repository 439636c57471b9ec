// The tallies of a station in the order in which they came, and what each correction changed.
import type { FieldCode, FieldRow, Figure, StationView, TallyView } from "../../shared/generated/console";

export interface Change {
  readonly field: FieldCode;
  readonly before: Figure | null;
  readonly after: Figure | null;
}

export interface Entry {
  readonly tally: TallyView;
  /** The votes of the candidates or, on a paper of lists, of the lists, in the paper's order. */
  readonly votes: readonly (Figure | null)[];
  /** Against the tally of the same device before it; empty for a device's first. */
  readonly changes: readonly Change[];
}

/** One entry for each tally, oldest arrival first. */
export function history(view: Pick<StationView, "tallies" | "sections">): Entry[] {
  const rows = view.sections.flatMap((section) => section.fields);
  const entries = view.tallies.map((tally, column) => {
    const before = columnBefore(view.tallies, tally);
    return {
      tally,
      votes: rows.filter(isHeadline).map((row) => at(row, column)),
      changes: before === null ? [] : changes(rows, before, column),
    };
  });
  return entries.sort((a, b) => a.tally.received_at_ms - b.tally.received_at_ms);
}

/** Whether a row's votes stand for a list, or for a candidate who is on none. */
function isHeadline({ counts, choice }: FieldRow): boolean {
  return counts === "list_votes" || (counts === "candidate_votes" && choice?.includes(".") === false);
}

/** The column of the tally that the same device sealed before this one. A device counts its own; its clock may lie. */
function columnBefore(tallies: readonly TallyView[], tally: TallyView): number | null {
  let best: number | null = null;
  tallies.forEach((other, column) => {
    if (other.device === tally.device && other.sequence < tally.sequence) {
      if (best === null || other.sequence > (tallies[best]?.sequence ?? 0)) {
        best = column;
      }
    }
  });
  return best;
}

function changes(rows: readonly FieldRow[], from: number, to: number): Change[] {
  return rows
    .map((row) => ({ field: row.field, before: at(row, from), after: at(row, to) }))
    .filter(({ before, after }) => !sameFigure(before, after));
}

function at(row: FieldRow, column: number): Figure | null {
  return row.figures[column] ?? null;
}

export function sameFigure(a: Figure | null, b: Figure | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
