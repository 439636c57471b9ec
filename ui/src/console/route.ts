// The screens' addresses. They stand behind `#`, so that a reload, a bookmark or a new login comes back to the same place.
import type { ContestId, RegionCode, Standing, StationId } from "../shared/generated/console";

export const STANDINGS = [
  "verified",
  "corroborated",
  "provisional",
  "conflicting",
  "missing",
] as const satisfies readonly Standing[];

/** What may be shown of the invitations: stations without one, open ones, used ones. */
export const USES = ["uninvited", "unused", "used"] as const;
export type Use = (typeof USES)[number];

/** `contest` and `region` are null for the first contest and the whole reach of the user. */
export type Route =
  | { readonly screen: "region"; readonly region: RegionCode | null; readonly contest: ContestId | null }
  | {
      readonly screen: "stations";
      readonly contest: ContestId | null;
      readonly region: RegionCode | null;
      readonly standing: Standing | null;
      readonly search: string;
    }
  | { readonly screen: "station"; readonly station: StationId; readonly contest: ContestId | null }
  | {
      readonly screen: "invitations";
      readonly region: RegionCode | null;
      readonly use: Use | null;
      readonly search: string;
    }
  | { readonly screen: "evidence"; readonly region: RegionCode | null };

/** The route that an address names; null when it names none. */
export function parseRoute(hash: string): Route | null {
  const [path = "", asked = ""] = hash.replace(/^#/, "").split("?", 2);
  const parameters = new URLSearchParams(asked);
  const contest = parameters.get("contest");
  const region = parameters.get("region");
  const search = parameters.get("search") ?? "";
  const parts = path.split("/").filter((part) => part !== "");
  const [screen = "wilayah", name] = parts.map(decodePart);
  if (parts.length > 2) {
    return null;
  }
  switch (screen) {
    case "wilayah":
      return { screen: "region", region: name ?? null, contest };
    case "tps":
      return name === undefined
        ? {
            screen: "stations",
            contest,
            region,
            standing: oneOf(STANDINGS, parameters.get("standing")),
            search,
          }
        : { screen: "station", station: name, contest };
    case "saksi":
      return name === undefined
        ? { screen: "invitations", region, use: oneOf(USES, parameters.get("use")), search }
        : null;
    case "bukti":
      return name === undefined ? { screen: "evidence", region } : null;
    default:
      return null;
  }
}

/** The address of a route. `parseRoute` gives the route back. */
export function addressOf(route: Route): string {
  switch (route.screen) {
    case "region":
      return address(route.region === null ? ["wilayah"] : ["wilayah", route.region], {
        contest: route.contest,
      });
    case "stations":
      return address(["tps"], {
        contest: route.contest,
        region: route.region,
        standing: route.standing,
        search: route.search,
      });
    case "station":
      return address(["tps", route.station], { contest: route.contest });
    case "invitations":
      return address(["saksi"], { region: route.region, use: route.use, search: route.search });
    case "evidence":
      return address(["bukti"], { region: route.region });
  }
}

function address(parts: readonly string[], parameters: Record<string, string | null>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value) {
      asked.set(name, value);
    }
  }
  const query = asked.toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${query === "" ? "" : `?${query}`}`;
}

function oneOf<T extends string>(known: readonly T[], text: string | null): T | null {
  return known.find((value) => value === text) ?? null;
}

/** A part that is not well escaped stands for itself; the endpoint will say that it knows no such thing. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
