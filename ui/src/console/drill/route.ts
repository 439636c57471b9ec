// The addresses of the screens about drills.
import { joinAddress } from "../../shared/address";
import type { RegionCode } from "../../shared/generated/console";

export type DrillRoute =
  | { readonly screen: "drill" }
  | { readonly screen: "drill-report" }
  | {
      readonly screen: "readiness";
      readonly region: RegionCode | null;
      /** Whether the stations that are not ready are listed. */
      readonly unready: boolean;
    };

/** The readiness of a region. */
export function readinessOf(region: RegionCode | null): DrillRoute & { screen: "readiness" } {
  return { screen: "readiness", region, unready: false };
}

/** The route that an address names; null when it names none of these screens. */
export function parseDrillRoute(parts: readonly string[], parameters: URLSearchParams): DrillRoute | null {
  const [screen, name] = parts;
  switch (screen) {
    case "balai":
      return name === undefined
        ? { screen: "drill" }
        : name === "laporan"
          ? { screen: "drill-report" }
          : null;
    case "kesiapan":
      return { screen: "readiness", region: name ?? null, unready: parameters.get("unready") === "true" };
    default:
      return null;
  }
}

/** The address of a route. `parseDrillRoute` gives the route back. */
export function addressOfDrill(route: DrillRoute): string {
  switch (route.screen) {
    case "drill":
      return joinAddress(["balai"]);
    case "drill-report":
      return joinAddress(["balai", "laporan"]);
    case "readiness": {
      const parts = route.region === null ? ["kesiapan"] : ["kesiapan", route.region];
      return joinAddress(parts, { unready: route.unready ? "true" : null });
    }
  }
}
