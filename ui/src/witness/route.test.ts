import { describe, expect, it } from "vitest";
import { addressOf, home, parseRoute, type Route } from "./route";

const tallyKey = { station: "52.71.01.1001-014", contest: "ppwp", round: 1 };
const later = { ...tallyKey, round: 2 };

describe("addresses", () => {
  const routes: Route[] = [
    home,
    { screen: "home", station: tallyKey.station },
    { screen: "record", station: tallyKey.station },
    { screen: "proofs" },
    { screen: "messages" },
    { screen: "help" },
    { screen: "elections" },
    { screen: "practice" },
    { screen: "sheet" },
    { screen: "result" },
    { screen: "handbook" },
    { screen: "entry", tallyKey, section: null, field: null },
    { screen: "entry", tallyKey, section: "IV", field: null },
    { screen: "entry", tallyKey, section: "IV", field: "IV.2" },
    { screen: "entry", tallyKey: later, section: "IV.5", field: "IV.5.A.2.7" },
    { screen: "parties", tallyKey },
    { screen: "photos", tallyKey },
    { screen: "proof", tallyKey: later },
    { screen: "check", tallyKey },
    { screen: "proof", tallyKey },
  ];

  it.each(routes.map((route) => [addressOf(route), route] as const))(
    "%s leads back to its route",
    (address, route) => {
      expect(parseRoute(address)).toEqual(route);
    },
  );

  it("lead home when they name no screen", () => {
    for (const address of [
      "",
      "#",
      "#/",
      "#/entah",
      "#/tps/x/y/z",
      "#/tps/x/y",
      "#/bukti/x",
      "#/tally/x/y/entry",
    ]) {
      expect(parseRoute(address)).toEqual(home);
    }
  });

  it("name a round only after the first", () => {
    expect(addressOf({ screen: "check", tallyKey })).toBe("#/tps/52.71.01.1001-014/ppwp/periksa");
    expect(addressOf({ screen: "check", tallyKey: later })).toBe("#/tps/52.71.01.1001-014/ppwp~2/periksa");
    for (const broken of ["ppwp~", "ppwp~0", "ppwp~x", "ppwp~1"]) {
      expect(parseRoute(`#/tps/52.71.01.1001-014/${broken}/periksa`)).toMatchObject({ tallyKey });
    }
  });
});
