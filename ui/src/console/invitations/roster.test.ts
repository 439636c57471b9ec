// The roster puts first what still has to be done, and finds what is searched.
import { describe, expect, it } from "vitest";
import type { InvitationView, StationRow } from "../../shared/generated/console";
import { roster, sift } from "./roster";

const station = (id: string, desa: string): StationRow => ({
  station: id,
  number: 1,
  desa,
  kecamatan: "",
  standing: "missing",
  witnesses: 0,
  tallies: 0,
  faults: 0,
  pages_photographed: 0,
  pages: 3,
  last_at_ms: null,
});

const invitation = (code: string, id: string, usedAtMs: number | null, createdAtMs = 0): InvitationView => ({
  code,
  link: `http://127.0.0.1/#${code}`,
  station: id,
  number: 1,
  desa: "Ampenan Tengah",
  contests: ["ppwp"],
  created_at_ms: createdAtMs,
  used_at_ms: usedAtMs,
  device: usedAtMs === null ? null : "aa",
  revoked_at_ms: null,
});

const made = roster(
  [
    station("52.71.01.1001-001", "Ampenan Tengah"),
    station("52.71.01.1001-002", "Ampenan Tengah"),
    station("52.71.01.1002-001", "Bintaro"),
  ],
  [
    invitation("USED", "52.71.01.1001-001", 5),
    invitation("OPEN", "52.71.01.1001-002", null, 1),
    invitation("MORE", "52.71.01.1001-001", null, 2),
  ],
);

describe("roster", () => {
  it("puts stations without an invitation first and used invitations last", () => {
    expect(made.lines.map(({ key }) => key)).toEqual(["52.71.01.1002-001", "MORE", "OPEN", "USED"]);
    expect(made).toMatchObject({ uninvited: ["52.71.01.1002-001"], unused: 2, used: 1 });
  });

  it("finds by place, number or code, all words together", () => {
    const found = (search: string): string[] => sift(made.lines, null, search).map(({ key }) => key);
    expect(found("bintaro")).toEqual(["52.71.01.1002-001"]);
    expect(found("tengah 002")).toEqual(["OPEN"]);
    expect(found("used")).toEqual(["USED"]);
    expect(found("  ")).toHaveLength(4);
  });

  it("shows one kind", () => {
    expect(sift(made.lines, "unused", "").map(({ key }) => key)).toEqual(["MORE", "OPEN"]);
    expect(sift(made.lines, "uninvited", "").map(({ key }) => key)).toEqual(["52.71.01.1002-001"]);
  });
});
