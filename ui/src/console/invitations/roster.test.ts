// The roster puts first what still has to be done, and finds what is searched.
import { describe, expect, it } from "vitest";
import type { InvitationView, StationRow } from "../../shared/generated/console";
import { roster, sift } from "./roster";

const station = (id: string, desa: string): StationRow => ({
  station: id,
  kind: "tps",
  round: 1,
  newest_round: 1,
  number: 1,
  desa,
  kecamatan: "",
  standing: "missing",
  conflicts: [],
  witnesses: 0,
  tallies: 0,
  faults: 0,
  pages_photographed: 0,
  pages: 3,
  last_at_ms: null,
});

const invitation = (
  number: number,
  hint: string,
  id: string,
  state: InvitationView["state"],
): InvitationView => ({
  invitation: number,
  hint,
  state,
  station: id,
  number: 1,
  desa: "Ampenan Tengah",
  contests: ["ppwp"],
  made_by: "user:rini",
  created_at_ms: number,
  expires_at_ms: 1000,
  withdrawn_at_ms: state === "withdrawn" ? 3 : null,
  used_at_ms: state === "used" ? 5 : null,
  device: state === "used" ? "aa" : null,
  revoked_at_ms: null,
});

const made = roster(
  [
    station("52.71.01.1001-001", "Ampenan Tengah"),
    station("52.71.01.1001-002", "Ampenan Tengah"),
    station("52.71.01.1002-001", "Bintaro"),
  ],
  [
    invitation(1, "USED", "52.71.01.1001-001", "used"),
    invitation(2, "OPEN", "52.71.01.1001-002", "unused"),
    invitation(3, "MORE", "52.71.01.1001-001", "unused"),
    invitation(4, "GONE", "52.71.01.1002-001", "withdrawn"),
  ],
);

describe("roster", () => {
  it("puts stations without a valid invitation first and ended invitations last", () => {
    expect(made.lines.map(({ key }) => key)).toEqual(["52.71.01.1002-001", "3", "2", "1", "4"]);
    expect(made).toMatchObject({ uninvited: ["52.71.01.1002-001"], unused: 2, used: 1, ended: 1 });
  });

  it("finds by place, number or code, all words together", () => {
    const found = (search: string): string[] => sift(made.lines, null, search).map(({ key }) => key);
    expect(found("bintaro")).toEqual(["52.71.01.1002-001"]);
    expect(found("tengah -002")).toEqual(["2"]);
    expect(found("used")).toEqual(["1"]);
    expect(found("  ")).toHaveLength(5);
  });

  it("shows one kind", () => {
    expect(sift(made.lines, "unused", "").map(({ key }) => key)).toEqual(["3", "2"]);
    expect(sift(made.lines, "uninvited", "").map(({ key }) => key)).toEqual(["52.71.01.1002-001"]);
  });
});
