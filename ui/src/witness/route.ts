// Where the witness is: every screen has an address, so that a reload returns to it.
import type { FieldCode } from "../shared/generated/witness";
import type { Place } from "./commands";

/** The screens, and what each is about. */
export type Route =
  | { readonly screen: "home"; readonly station: string | null }
  | { readonly screen: "record"; readonly station: string }
  | { readonly screen: "proofs" }
  | { readonly screen: "help" }
  | {
      readonly screen: "entry";
      readonly place: Place;
      /** `null`: wherever the witness stopped. */
      readonly section: FieldCode | null;
      /** The field to go to; `null`: the first of the section that is not typed yet. */
      readonly field: FieldCode | null;
    }
  | { readonly screen: "photos" | "check" | "proof"; readonly place: Place };

export const home: Route = { screen: "home", station: null };

/** The address of a route, `#/…`. */
export function addressOf(route: Route): string {
  switch (route.screen) {
    case "home":
      return route.station === null ? "#/" : `#/station/${encodeURIComponent(route.station)}`;
    case "record":
      return `#/record/${encodeURIComponent(route.station)}`;
    case "proofs":
    case "help":
      return `#/${route.screen}`;
    default: {
      const parts = [route.place.station, route.place.contest, route.screen];
      if (route.screen === "entry" && route.section !== null) {
        parts.push(route.section);
        if (route.field !== null) parts.push(route.field);
      }
      return `#/tally/${parts.map(encodeURIComponent).join("/")}`;
    }
  }
}

/** The route of an address; home for one that nobody knows. */
export function routeOf(address: string): Route {
  const [first, ...rest] = parts(address);
  if (first === "proofs" || first === "help") return { screen: first };
  if (first === "record" && rest[0] !== undefined) return { screen: "record", station: rest[0] };
  if (first === "station" && rest[0] !== undefined) return { screen: "home", station: rest[0] };
  if (first !== "tally") return home;
  const [station, contest, screen, section, field] = rest;
  if (station === undefined || contest === undefined) return home;
  const place = { station, contest };
  if (screen === "entry") return { screen, place, section: section ?? null, field: field ?? null };
  if (screen === "photos" || screen === "check" || screen === "proof") return { screen, place };
  return home;
}

function parts(address: string): string[] {
  try {
    return address.replace(/^#?\//, "").split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return [];
  }
}
