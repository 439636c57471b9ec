// The addresses of the screens about projections, patterns and exports.
import { joinAddress } from "../../shared/address";
import type { ContestId, ContestKind, RegionCode } from "../../shared/generated/console";

export const ANALYSIS_SCREENS = ["projection", "patterns", "exports"] as const;
export type AnalysisScreen = (typeof ANALYSIS_SCREENS)[number];

interface Of<Screen extends AnalysisScreen> {
  readonly screen: Screen;
  readonly region: RegionCode | null;
  readonly kind: ContestKind | null;
  readonly contest: ContestId | null;
}

export type AnalysisRoute = { [Screen in AnalysisScreen]: Of<Screen> }[AnalysisScreen];

const WORDS: Readonly<Record<AnalysisScreen, string>> = {
  projection: "proyeksi",
  patterns: "pola",
  exports: "ekspor",
};

/** The route that an address names; null when it names none of these screens. */
export function parseAnalysisRoute(
  parts: readonly string[],
  parameters: URLSearchParams,
  kinds: readonly ContestKind[],
): AnalysisRoute | null {
  const screen = ANALYSIS_SCREENS.find((one) => WORDS[one] === parts[0]);
  if (screen === undefined || parts.length > 1) {
    return null;
  }
  const kind = kinds.find((one) => one === parameters.get("kind")) ?? null;
  return {
    screen,
    region: parameters.get("region"),
    kind,
    contest: parameters.get("contest"),
  } as AnalysisRoute;
}

/** The address of a route. `parseAnalysisRoute` gives the route back. */
export function addressOfAnalysis({ screen, region, kind, contest }: Of<AnalysisScreen>): string {
  return joinAddress([WORDS[screen]], { region, kind, contest });
}
