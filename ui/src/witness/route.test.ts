import { describe, expect, it } from "vitest";
import { addressOf, home, parseRoute, type Route } from "./route";

const tallyKey = { station: "52.71.01.1001-014", contest: "ppwp" };

describe("addresses", () => {
  const routes: Route[] = [
    home,
    { screen: "home", station: tallyKey.station },
    { screen: "record", station: tallyKey.station },
    { screen: "proofs" },
    { screen: "help" },
    { screen: "entry", tallyKey, section: null, field: null },
    { screen: "entry", tallyKey, section: "IV", field: null },
    { screen: "entry", tallyKey, section: "IV", field: "IV.2" },
    { screen: "photos", tallyKey },
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
});
