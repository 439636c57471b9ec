// What is typed about a person, and the request that it becomes.
import type { PersonRequest, PersonRow, Position, RegionCode } from "../../shared/generated/console";

export interface PersonDraft {
  name: string;
  phone: string;
  organisation: string;
  field: string;
  position: Position;
  availability: PersonRequest["availability"];
  desa: RegionCode | null;
  desaName: string;
  nikLast4: string;
  note: string;
  consent: boolean;
}

export function emptyDraft(desa: { code: RegionCode; name: string } | null): PersonDraft {
  return {
    ...{ name: "", phone: "", organisation: "", field: "", nikLast4: "", note: "", consent: false },
    ...{ position: "witness_inside", availability: "unknown" },
    desa: desa?.code ?? null,
    desaName: desa?.name ?? "",
  };
}

export function draftOf(row: PersonRow): PersonDraft {
  return {
    name: row.name,
    phone: row.phone ?? "",
    organisation: row.organisation ?? "",
    field: row.field ?? "",
    position: row.position,
    availability: row.availability,
    desa: row.desa,
    desaName: row.desa_name,
    nikLast4: row.nik_last4 ?? "",
    note: row.note ?? "",
    consent: row.consent_at_ms !== null,
  };
}

/** The request, or null while something is missing that every person has. */
export function requestOf(
  draft: PersonDraft,
  { revision, keepDuplicate }: { revision: number | null; keepDuplicate: boolean },
): PersonRequest | null {
  const text = (value: string): string | null => (value.trim() === "" ? null : value.trim());
  if (draft.desa === null || draft.name.trim() === "") {
    return null;
  }
  return {
    name: draft.name.trim(),
    phone: text(draft.phone),
    organisation: text(draft.organisation),
    field: text(draft.field),
    position: draft.position,
    availability: draft.availability,
    desa: draft.desa,
    nik_last4: text(draft.nikLast4),
    note: text(draft.note),
    consent: draft.consent,
    revision,
    keep_duplicate: keepDuplicate,
  };
}
