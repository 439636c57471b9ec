// The steps of an import of people, and what a mapping of columns still lacks.
import type { ImportState, OnDuplicate, PersonColumn } from "../../shared/generated/console";

export const COLUMNS = [
  "name",
  "phone",
  "station",
  "desa",
  "kecamatan",
  "kabupaten",
  "position",
  "organisation",
  "field",
  "participant",
  "shift",
  "letter",
  "availability",
  "nik_last4",
  "consent",
  "note",
] as const satisfies readonly PersonColumn[];

/** What may become of a row whose person is known. */
export const ON_DUPLICATE = ["merge", "keep", "skip"] as const satisfies readonly OnDuplicate[];

export type Mapping = readonly (PersonColumn | null)[];

/** Columns of which at least one of each group is wanted. */
const WANTED: readonly (readonly PersonColumn[])[] = [["name"], ["desa", "station"]];

/** The first column of each wanted group that no column of the file is mapped to. */
export function lackingColumns(mapping: Mapping): PersonColumn[] {
  return WANTED.filter((group) => !group.some((column) => mapping.includes(column))).flatMap(
    ([first]) => first ?? [],
  );
}

/** The mapping in which the column at `index` means `column`. A meaning belongs to one column only. */
export function mapped(mapping: Mapping, index: number, column: PersonColumn | null): Mapping {
  return mapping.map((before, at) => (at === index ? column : before === column ? null : before));
}

/** Whether nothing changes any more by itself. */
export function isOver(state: ImportState): boolean {
  return state === "stored" || state === "failed" || state === "discarded";
}
