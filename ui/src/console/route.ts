// The screens' addresses. They stand behind `#`, so that a reload, a bookmark or a new login returns to the same screen.
import { joinAddress, splitAddress } from "../shared/address";
import type { ContestId, ContestKind, RegionCode, Standing, StationId } from "../shared/generated/console";
import { addressOfAnalysis, parseAnalysisRoute, type AnalysisRoute } from "./analysis/route";
import { addressOfDrill, parseDrillRoute, type DrillRoute } from "./drill/route";
import { addressOfOfficial, parseOfficialRoute, type OfficialRoute } from "./official/route";
import { addressOfPeople, parsePeopleRoute, type PeopleRoute } from "./people/route";

export const STANDINGS = [
  "verified",
  "corroborated",
  "provisional",
  "conflicting",
  "missing",
] as const satisfies readonly Standing[];

/** The kinds of contests, in the order in which a TPS counts them. */
export const KINDS = [
  "ppwp",
  "dpr",
  "dpd",
  "dprd_provinsi",
  "dprd_kabkota",
  "gubernur",
  "bupati",
  "walikota",
] as const satisfies readonly ContestKind[];

/** What may be shown of the invitations: stations without one, open ones, used ones, expired and withdrawn ones. */
export const USES = ["uninvited", "unused", "used", "ended"] as const;
export type Use = (typeof USES)[number];

/** Orders of the station list besides that of the codes: the longest without news first, or the most faults first. */
export const SORTS = ["age", "flags"] as const;
export type Sort = (typeof SORTS)[number];

/** What figures a screen is about: one contest, all contests of a kind, or whatever comes first. */
export interface FiguresOf {
  readonly kind: ContestKind | null;
  readonly contest: ContestId | null;
}

/** `region` is null for the whole reach of the user. */
export type Route =
  | ({ readonly screen: "region"; readonly region: RegionCode | null } & FiguresOf)
  | ({
      readonly screen: "stations";
      readonly region: RegionCode | null;
      readonly standing: Standing | null;
      /** Only stations whose tally carries a fault. */
      readonly flagged: boolean;
      /** Only stations of which a page's photo is missing. */
      readonly missingPhotos: boolean;
      readonly sort: Sort | null;
      readonly search: string;
    } & FiguresOf)
  | { readonly screen: "station"; readonly station: StationId; readonly contest: ContestId | null }
  | {
      readonly screen: "invitations";
      readonly region: RegionCode | null;
      readonly use: Use | null;
      readonly search: string;
    }
  | { readonly screen: "evidence"; readonly region: RegionCode | null }
  | ({ readonly screen: "queue"; readonly region: RegionCode | null } & FiguresOf)
  | { readonly screen: "accounts" }
  | AnalysisRoute
  | AuditRoute
  | DrillRoute
  | OfficialRoute
  | PeopleRoute;

/** Which rows of the audit are shown. The times are days, `YYYY-MM-DD`. */
export interface AuditRoute {
  readonly screen: "audit";
  readonly search: string;
  readonly actor: string | null;
  readonly action: string | null;
  readonly region: RegionCode | null;
  readonly from: string | null;
  readonly until: string | null;
}

/** The whole audit. */
export const wholeAudit: AuditRoute = {
  ...{ screen: "audit", search: "", actor: null, action: null, region: null, from: null, until: null },
};

export type StationsRoute = Extract<Route, { screen: "stations" }>;
export type InvitationsRoute = Extract<Route, { screen: "invitations" }>;

/** All stations of a region, without a filter. */
export function allStations({ kind, contest }: FiguresOf, region: RegionCode | null): StationsRoute {
  const filters = { standing: null, flagged: false, missingPhotos: false, sort: null, search: "" };
  return { screen: "stations", kind, contest, region, ...filters };
}

/** Whether a filter hides stations of the region. */
export function isFiltered(route: StationsRoute): boolean {
  return route.standing !== null || route.flagged || route.missingPhotos || route.search !== "";
}

/** The route that an address names; null when it names none. */
export function parseRoute(hash: string): Route | null {
  const { parts, parameters } = splitAddress(hash);
  const [screen = "wilayah", name] = parts;
  const contest = parameters.get("contest");
  const kind = oneOf(KINDS, parameters.get("kind"));
  const region = parameters.get("region");
  const search = parameters.get("search") ?? "";
  switch (parts.length > 2 ? "" : screen) {
    case "wilayah":
      return { screen: "region", region: name ?? null, kind, contest };
    case "tps":
      return name === undefined ? parseStations(parameters) : { screen: "station", station: name, contest };
    case "saksi":
      return name === undefined
        ? { screen: "invitations", region, use: oneOf(USES, parameters.get("use")), search }
        : null;
    case "antrean":
      return name === undefined ? { screen: "queue", region, kind, contest } : null;
    case "akun":
      return name === undefined ? { screen: "accounts" } : null;
    case "audit":
      return name === undefined ? parseAudit(parameters, region, search) : null;
    case "bukti":
      return name === undefined ? { screen: "evidence", region } : null;
    case "balai":
    case "kesiapan":
      return parseDrillRoute(parts, parameters);
    case "proyeksi":
    case "pola":
    case "ekspor":
      return parseAnalysisRoute(parts, parameters, KINDS);
    case "selisih":
    case "resmi":
      return parseOfficialRoute(parts, parameters, KINDS);
    default:
      return parts.length > 2 ? null : parsePeopleRoute(parts, parameters);
  }
}

function parseAudit(parameters: URLSearchParams, region: RegionCode | null, search: string): AuditRoute {
  const [actor, action] = [parameters.get("actor"), parameters.get("action")];
  const [from, until] = [parameters.get("from"), parameters.get("until")];
  return { screen: "audit", search, actor, action, region, from, until };
}

function parseStations(parameters: URLSearchParams): StationsRoute {
  return {
    screen: "stations",
    kind: oneOf(KINDS, parameters.get("kind")),
    contest: parameters.get("contest"),
    region: parameters.get("region"),
    standing: oneOf(STANDINGS, parameters.get("standing")),
    flagged: parameters.get("flagged") === "true",
    missingPhotos: parameters.get("missing_photos") === "true",
    sort: oneOf(SORTS, parameters.get("sort")),
    search: parameters.get("search") ?? "",
  };
}

/** The address of a route. `parseRoute` gives the route back. */
export function addressOf(route: Route): string {
  switch (route.screen) {
    case "region":
      return joinAddress(route.region === null ? ["wilayah"] : ["wilayah", route.region], {
        kind: route.kind,
        contest: route.contest,
      });
    case "stations":
      return joinAddress(["tps"], {
        kind: route.kind,
        contest: route.contest,
        region: route.region,
        standing: route.standing,
        flagged: route.flagged ? "true" : null,
        missing_photos: route.missingPhotos ? "true" : null,
        sort: route.sort,
        search: route.search,
      });
    case "station":
      return joinAddress(["tps", route.station], { contest: route.contest });
    case "invitations":
      return joinAddress(["saksi"], { region: route.region, use: route.use, search: route.search });
    case "accounts":
      return joinAddress(["akun"], {});
    case "audit":
      return addressOfAudit(route);
    case "queue":
      return joinAddress(["antrean"], { region: route.region, kind: route.kind, contest: route.contest });
    case "evidence":
      return joinAddress(["bukti"], { region: route.region });
    case "drill":
    case "drill-report":
    case "readiness":
      return addressOfDrill(route);
    case "projection":
    case "patterns":
    case "exports":
      return addressOfAnalysis(route);
    case "differences":
    case "official-imports":
    case "official-import":
      return addressOfOfficial(route);
    default:
      return addressOfPeople(route);
  }
}

function addressOfAudit({ search, actor, action, region, from, until }: AuditRoute): string {
  return joinAddress(["audit"], { search, actor, action, region, from, until });
}

function oneOf<T extends string>(known: readonly T[], text: string | null): T | null {
  return known.find((value) => value === text) ?? null;
}
