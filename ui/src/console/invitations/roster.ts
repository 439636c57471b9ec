// Stations and the invitations made for them, as one list: those without any first.
import type { InvitationView, StationId, StationRow } from "../../shared/generated/console";
import type { Use } from "../route";

/** A station without an invitation, or one of its invitations. */
export interface Line {
  readonly key: string;
  readonly station: StationId;
  /** The number of the TPS in its desa. */
  readonly number: number;
  readonly desa: string;
  readonly invitation: InvitationView | null;
}

export interface Roster {
  /** Stations without an invitation, then open invitations, then used ones; each in the order of the stations. */
  readonly lines: readonly Line[];
  /** Stations for which no invitation was made. */
  readonly uninvited: readonly StationId[];
  readonly unused: number;
  readonly used: number;
}

export function roster(stations: readonly StationRow[], invitations: readonly InvitationView[]): Roster {
  const invited = new Set(invitations.map(({ station }) => station));
  const uninvited = stations.filter(({ station }) => !invited.has(station));
  const lines: Line[] = [
    ...uninvited.map(({ station, number, desa }) => ({
      key: station,
      station,
      number,
      desa,
      invitation: null,
    })),
    ...[...invitations]
      .sort(
        (a, b) =>
          Number(a.used_at_ms !== null) - Number(b.used_at_ms !== null) ||
          a.station.localeCompare(b.station) ||
          a.created_at_ms - b.created_at_ms,
      )
      .map((invitation) => ({
        key: invitation.code,
        station: invitation.station,
        number: invitation.number,
        desa: invitation.desa,
        invitation,
      })),
  ];
  const used = invitations.filter((invitation) => invitation.used_at_ms !== null).length;
  return {
    lines,
    uninvited: uninvited.map(({ station }) => station),
    unused: invitations.length - used,
    used,
  };
}

/** The lines of one kind in which every word of the search stands somewhere. */
export function sift(lines: readonly Line[], show: Use | null, search: string): Line[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((line) => {
    const text = `tps ${line.station} ${line.desa} ${line.invitation?.code ?? ""}`.toLowerCase();
    return (show === null || kindOf(line) === show) && words.every((word) => text.includes(word));
  });
}

export function kindOf({ invitation }: Line): Use {
  if (invitation === null) {
    return "uninvited";
  }
  return invitation.used_at_ms === null ? "unused" : "used";
}
