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
  /**
   * Stations without a usable or used invitation, then open invitations, used ones, and ended ones; each in the order of
   * the stations.
   */
  readonly lines: readonly Line[];
  /** Stations that have no invitation, or only expired and withdrawn ones. */
  readonly uninvited: readonly StationId[];
  readonly unused: number;
  readonly used: number;
  /** Expired and withdrawn invitations. */
  readonly ended: number;
}

const ORDER: readonly Use[] = ["uninvited", "unused", "used", "ended"];

export function roster(stations: readonly StationRow[], invitations: readonly InvitationView[]): Roster {
  const valid = invitations.filter((invitation) => useOf(invitation) !== "ended");
  const invited = new Set(valid.map(({ station }) => station));
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
          ORDER.indexOf(useOf(a)) - ORDER.indexOf(useOf(b)) ||
          a.station.localeCompare(b.station) ||
          a.created_at_ms - b.created_at_ms,
      )
      .map((invitation) => ({
        key: String(invitation.invitation),
        station: invitation.station,
        number: invitation.number,
        desa: invitation.desa,
        invitation,
      })),
  ];
  const count = (use: Use): number => invitations.filter((invitation) => useOf(invitation) === use).length;
  return {
    lines,
    uninvited: uninvited.map(({ station }) => station),
    unused: count("unused"),
    used: count("used"),
    ended: count("ended"),
  };
}

/** The lines of one kind in which every word of the search stands somewhere. */
export function sift(lines: readonly Line[], show: Use | null, search: string): Line[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((line) => {
    const text = `tps ${line.station} ${line.desa} ${line.invitation?.hint ?? ""}`.toLowerCase();
    return (show === null || kindOf(line) === show) && words.every((word) => text.includes(word));
  });
}

export function kindOf({ invitation }: Pick<Line, "invitation">): Use {
  return invitation === null ? "uninvited" : useOf(invitation);
}

function useOf({ state }: InvitationView): Exclude<Use, "uninvited"> {
  return state === "unused" || state === "used" ? state : "ended";
}
