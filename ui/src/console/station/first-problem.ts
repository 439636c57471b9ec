// Where a station's page opens: at the figure that wants a person's eye first.
import type { FieldCode, FieldRow, StationView } from "../../shared/generated/console";
import type { Found } from "./findings";

/** A figure to look at: the field, the page on which it stands, and whose photo shows it best. */
export interface Spot {
  readonly field: FieldCode;
  readonly page: number;
  readonly witness: string | null;
}

/**
 * The first problem: a figure in conflict, then a fault, then another figure on which witnesses differ, then a figure
 * that a phone read differently in the photo and nobody looked at again, then a warning. Null when there is none.
 */
export function firstProblem(
  view: Pick<StationView, "sections" | "conflicts">,
  findings: readonly Found[],
): Spot | null {
  const [fault, warning] = (["fault", "warning"] as const).map((severity) =>
    findings.find(({ finding }) => finding.severity === severity && finding.fields.length > 0),
  );
  return (
    spotOf(view, (row) => view.conflicts.includes(row.field)) ??
    spotOfFinding(view, fault) ??
    spotOf(view, (row) => row.differs) ??
    spotOf(view, (row) => row.read.some((read) => read?.differs && !read.answered)) ??
    spotOfFinding(view, warning)
  );
}

/** The first field of a finding, and the witness who reported it. */
export function spotOfFinding(view: Pick<StationView, "sections">, found: Found | undefined): Spot | null {
  const [field] = found?.finding.fields ?? [];
  const spot = spotOf(view, (row) => row.field === field);
  return spot && { ...spot, witness: found?.by[0]?.witness ?? null };
}

/** The first field for which `wanted` holds. */
export function spotOf(
  view: Pick<StationView, "sections">,
  wanted: (row: FieldRow) => boolean | undefined,
): Spot | null {
  for (const { page, fields } of view.sections) {
    const row = fields.find(wanted);
    if (row !== undefined) {
      return { field: row.field, page, witness: null };
    }
  }
  return null;
}
