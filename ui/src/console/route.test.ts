// Addresses and routes are two spellings of the same thing.
import { describe, expect, it } from "vitest";
import { allAttendance, allIncidents, everybody, filterCount } from "./people/route";
import { addressOf, allStations, isFiltered, parseRoute, wholeAudit, type Route } from "./route";

const routes: Route[] = [
  { screen: "region", region: null, kind: null, contest: null },
  { screen: "region", region: "52.71", kind: null, contest: "ppwp" },
  { screen: "region", region: "52.71", kind: "dprd_kabkota", contest: null },
  {
    ...allStations({ kind: null, contest: "ppwp" }, "52.71.01"),
    standing: "conflicting",
    flagged: true,
    missingPhotos: true,
    sort: "age",
    search: "a & b/c?",
  },
  allStations({ kind: null, contest: null }, null),
  { screen: "station", station: "52.71.01.1001-014", contest: "ppwp" },
  { screen: "invitations", region: "52.71.01", use: "unused", search: "ABCD" },
  { screen: "evidence", region: "52.71" },
  { screen: "queue", region: "52.71", kind: null, contest: "ppwp" },
  { screen: "evidence", region: null },
  wholeAudit,
  {
    ...wholeAudit,
    search: "a b",
    actor: "user:rini",
    action: "person.edit",
    region: "52.71",
    from: "2029-02-14",
  },
  everybody(null),
  {
    ...everybody("52.71"),
    ...{ search: "<b>Siti</b>", person: "new", station: "52.71.01.1001-014", organisation: "Partai & Kawan" },
    ...{
      field: "territory",
      position: "coordinator_desa",
      availability: "partly",
      joined: "false",
      letter: "true",
    },
  },
  { screen: "drill" },
  { screen: "drill-report" },
  { screen: "readiness", region: null, unready: true },
  { screen: "readiness", region: "52.71", unready: false },
  { screen: "people-import", import: null },
  { screen: "people-import", import: "0199" },
  { screen: "mandate-letters", region: "52.71.01.1001" },
  { screen: "staffing", region: null, lack: null },
  { screen: "staffing", region: "52.71", lack: "second_witness" },
  { ...allAttendance("52"), presence: "not_admitted", silent: true },
  { screen: "messages", region: "52", message: "0199" },
  { ...allIncidents("52"), state: "in_work", category: "violence", incident: "ab" },
  { screen: "my-account" },
];

describe("route", () => {
  it.each(routes)("comes back from its own address: $screen", (route) => {
    expect(parseRoute(addressOf(route))).toEqual(route);
  });

  it("starts at the user's region", () => {
    for (const hash of ["", "#", "#/"]) {
      expect(parseRoute(hash)).toEqual({ screen: "region", region: null, kind: null, contest: null });
    }
  });

  it("takes no word for a standing that is none", () => {
    expect(parseRoute("#/tps?standing=perfect")).toMatchObject({ screen: "stations", standing: null });
  });

  it("knows what it does not know", () => {
    expect(parseRoute("#/antrean/1")).toBeNull();
    expect(parseRoute("#/wilayah/52/71")).toBeNull();
    expect(parseRoute("#/saksi/1")).toBeNull();
    expect(parseRoute("#/bukti/1")).toBeNull();
    expect(parseRoute("#/orang/1")).toBeNull();
    expect(parseRoute("#/kelengkapan/52/71")).toBeNull();
  });

  it("knows which of them hide stations", () => {
    const all = allStations({ kind: null, contest: "ppwp" }, "52");
    expect(isFiltered({ ...all, sort: "flags" })).toBe(false);
    for (const filter of [{ flagged: true }, { missingPhotos: true }, { standing: "missing" as const }]) {
      expect(isFiltered({ ...all, ...filter })).toBe(true);
    }
    expect(isFiltered({ ...all, search: "014" })).toBe(true);
  });

  it("knows how many filters hide people", () => {
    expect(filterCount({ ...everybody("52"), search: "siti" })).toBe(0);
    expect(filterCount({ ...everybody("52"), position: "trainer", consent: "false" })).toBe(2);
  });

  it("keeps a broken escape as it is", () => {
    expect(parseRoute("#/wilayah/%E0%A4%A")).toMatchObject({ region: "%E0%A4%A" });
  });
});
