// The addresses of the screens about official results.
import { joinAddress } from "../../shared/address";
import type { ContestId, ContestKind, RegionCode, Shape } from "../../shared/generated/console";

export const SHAPES = [
  "swapped",
  "shifted_row",
  "candidate_to_party",
  "party_to_candidate",
  "same_size",
  "invalid_to_valid",
  "valid_to_invalid",
  "one_digit",
  "one_figure",
  "other",
] as const satisfies readonly Shape[];

/** The least sizes that may be chosen. */
export const LEAST = [1, 5, 10, 50, 100] as const;

/** Which contest a screen is about; whatever comes first where both are null. */
interface Of {
  readonly kind: ContestKind | null;
  readonly contest: ContestId | null;
}

export interface DifferencesRoute extends Of {
  readonly screen: "differences";
  readonly region: RegionCode | null;
  readonly shape: Shape | null;
  readonly choice: string | null;
  readonly least: number | null;
  /** The version of the official results; null is the latest. */
  readonly asOf: number | null;
}

export type OfficialRoute =
  | DifferencesRoute
  | ({ readonly screen: "official-imports" } & Of)
  | { readonly screen: "official-import"; readonly import: string };

/** All differences of a region. */
export function allDifferences({ kind, contest }: Of, region: RegionCode | null): DifferencesRoute {
  const filters = { shape: null, choice: null, least: null, asOf: null };
  return { screen: "differences", region, kind, contest, ...filters };
}

/** The route that an address names; null when it names none of these screens. */
export function parseOfficialRoute(
  parts: readonly string[],
  parameters: URLSearchParams,
  kinds: readonly ContestKind[],
): OfficialRoute | null {
  const [screen, name] = parts;
  const contest = parameters.get("contest");
  const kind = oneOf(kinds, parameters.get("kind"));
  if (screen === "selisih" && name === undefined) {
    return {
      ...{ screen: "differences", region: parameters.get("region"), kind, contest },
      shape: oneOf(SHAPES, parameters.get("shape")),
      choice: parameters.get("choice"),
      least: wholeNumber(parameters.get("least")),
      asOf: wholeNumber(parameters.get("as_of")),
    };
  }
  if (screen === "resmi") {
    return name === undefined
      ? { screen: "official-imports", kind, contest }
      : { screen: "official-import", import: name };
  }
  return null;
}

/** The address of a route. `parseOfficialRoute` gives the route back. */
export function addressOfOfficial(route: OfficialRoute): string {
  switch (route.screen) {
    case "differences": {
      const { kind, contest, region, shape, choice, least, asOf } = route;
      return joinAddress(["selisih"], {
        ...{ kind, contest, region, shape, choice },
        least: least === null ? null : String(least),
        as_of: asOf === null ? null : String(asOf),
      });
    }
    case "official-imports":
      return joinAddress(["resmi"], { kind: route.kind, contest: route.contest });
    case "official-import":
      return joinAddress(["resmi", route.import]);
  }
}

function oneOf<T extends string>(known: readonly T[], text: string | null): T | null {
  return known.find((value) => value === text) ?? null;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
}
