// Which column of a file means what, as the wizard changes it.
import type { ChoiceName, OfficialImportRequest, OfficialLayout } from "../../shared/generated/console";

export const LAYOUTS = ["wide", "long", "transposed"] as const satisfies readonly OfficialLayout[];

/** The fields besides the votes, in the order of the list. */
const FIELDS = [
  "code",
  "provinsi",
  "kabupaten_kota",
  "kecamatan",
  "desa",
  "station",
  "valid",
  "invalid",
] as const;
const LONG_FIELDS = ["party", "candidate", "votes"] as const;
export type PlainField = (typeof FIELDS)[number] | (typeof LONG_FIELDS)[number];

/** The fields that a column may mean in this layout. */
export function plainFields(layout: OfficialLayout): readonly PlainField[] {
  return layout === "long" ? [...FIELDS, ...LONG_FIELDS] : FIELDS;
}

/** The field of a choice's votes. */
export const voteField = ({ choice }: ChoiceName): string => `votes:${choice}`;

/** What a column means; empty for nothing. */
export function meaningOf(request: OfficialImportRequest, header: string): string {
  return Object.entries(request.columns).find(([, name]) => name === header)?.[0] ?? "";
}

/** The request in which a column means `field`. A field has one column, and a column one meaning. */
export function mapped(request: OfficialImportRequest, header: string, field: string): OfficialImportRequest {
  const kept = Object.entries(request.columns).filter(([known, name]) => name !== header && known !== field);
  const columns = Object.fromEntries(field === "" ? kept : [...kept, [field, header]]);
  return { ...request, columns };
}
