import { describe, expect, it } from "vitest";
import { addressOf, home, routeOf, type Route } from "./route";

const place = { station: "52.71.01.1001-014", contest: "ppwp" };

describe("addresses", () => {
  const routes: Route[] = [
    home,
    { screen: "home", station: place.station },
    { screen: "record", station: place.station },
    { screen: "proofs" },
    { screen: "help" },
    { screen: "entry", place, section: null, field: null },
    { screen: "entry", place, section: "IV", field: null },
    { screen: "entry", place, section: "IV", field: "IV.2" },
    { screen: "photos", place },
    { screen: "check", place },
    { screen: "proof", place },
  ];

  it.each(routes.map((route) => [addressOf(route), route] as const))(
    "%s leads back to its route",
    (address, route) => {
      expect(routeOf(address)).toEqual(route);
    },
  );

  it("lead home when nobody knows them", () => {
    for (const address of [
      "",
      "#",
      "#/",
      "#/nowhere",
      "#/tally",
      "#/tally/x/y/z",
      "#/tally/%E0%A4%A/y/entry",
    ]) {
      expect(routeOf(address)).toEqual(home);
    }
  });
});
