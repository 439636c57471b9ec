// How the paper's fields stand in the table of figures.
import type { FieldRow, Figure, SectionView } from "../../shared/generated/console";

/** Fields side by side on the paper: one row, up to three columns. */
export function rowsOf(fields: readonly FieldRow[]): FieldRow[][] {
  const rows: FieldRow[][] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (last !== undefined && last[0]?.row === field.row) {
      last.push(field);
    } else {
      rows.push([field]);
    }
  }
  return rows;
}

/** The distance between two witnesses' numbers; null where there are not exactly two numbers. */
export function distanceOf(figures: readonly (Figure | null | undefined)[]): number | null {
  const [a, b, more] = figures;
  return more === undefined && typeof a === "object" && a !== null && typeof b === "object" && b !== null
    ? Math.abs(a.written - b.written)
    : null;
}

/** Whether a search finds a section: its list's number, a part of its title, or of a name in it. */
export function isFoundIn(section: SectionView, search: string): boolean {
  const words = search.trim().toLocaleLowerCase("id");
  const has = ({ id }: { readonly id: string }): boolean => id.toLocaleLowerCase("id").includes(words);
  return (
    words === "" ||
    String(section.party) === words ||
    has(section.title) ||
    section.fields.some(({ label }) => has(label))
  );
}
