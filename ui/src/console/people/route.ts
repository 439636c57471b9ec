// The addresses of the screens about people and about the day of voting.
import { joinAddress } from "../../shared/address";
import type {
  Availability,
  IncidentCategory,
  IncidentState,
  Lack,
  Position,
  Presence,
  RegionCode,
  StationId,
} from "../../shared/generated/console";

export const POSITIONS = [
  "witness_inside",
  "witness_outside",
  "coordinator_desa",
  "coordinator_kecamatan",
  "coordinator_kabupaten",
  "coordinator_provinsi",
  "coordinator_national",
  "trainer",
  "volunteer",
] as const satisfies readonly Position[];

export const AVAILABILITIES = [
  "unknown",
  "available",
  "partly",
  "unavailable",
] as const satisfies readonly Availability[];

/** What a person has or has not: each is a filter with two sides. */
export const MARKS = ["assigned", "joined", "trained", "letter", "consent"] as const;
export type Mark = (typeof MARKS)[number];
const YES_NO = ["true", "false"] as const;
export type YesNo = (typeof YES_NO)[number];

export const LACKS = [
  "witness",
  "second_witness",
  "joined",
  "trained",
  "letter",
] as const satisfies readonly Lack[];

export const PRESENCES = [
  "present",
  "left",
  "not_admitted",
  "unknown",
] as const satisfies readonly Presence[];

export const INCIDENT_STATES = [
  "new",
  "seen",
  "in_work",
  "closed",
] as const satisfies readonly IncidentState[];

export const INCIDENT_CATEGORIES = [
  "violence",
  "intimidation",
  "witness_hindered",
  "ballot_tampering",
  "figures_changed",
  "objection",
  "copy_withheld",
  "voter_rights",
  "inducement",
  "neutrality",
  "time_or_place",
  "material",
  "disaster",
  "other",
] as const satisfies readonly IncidentCategory[];

/** Which people a list shows. */
export interface PeopleFilter extends Readonly<Record<Mark, YesNo | null>> {
  readonly region: RegionCode | null;
  readonly search: string;
  readonly organisation: string | null;
  readonly field: string | null;
  readonly position: Position | null;
  readonly availability: Availability | null;
}

export type PeopleListRoute = PeopleFilter & {
  readonly screen: "people";
  /** Whose panel is open; `new` for that of a person to be added, `settings` for that of the settings. */
  readonly person: string | null;
  /** The station at which a new person is to be assigned. */
  readonly station: StationId | null;
};

export type PeopleRoute =
  | PeopleListRoute
  | { readonly screen: "people-import"; readonly import: string | null }
  | { readonly screen: "mandate-letters"; readonly region: RegionCode | null }
  | { readonly screen: "staffing"; readonly region: RegionCode | null; readonly lack: Lack | null }
  | {
      readonly screen: "attendance";
      readonly region: RegionCode | null;
      readonly presence: Presence | null;
      readonly silent: boolean;
    }
  | { readonly screen: "messages"; readonly region: RegionCode | null; readonly message: string | null }
  | {
      readonly screen: "incidents";
      readonly region: RegionCode | null;
      readonly state: IncidentState | null;
      readonly category: IncidentCategory | null;
      readonly incident: string | null;
    }
  | { readonly screen: "my-account" };

/** The screens with nobody chosen and nothing filtered. */
export const everybody = (region: RegionCode | null): PeopleListRoute => ({
  ...{ screen: "people", region, search: "", person: null, station: null },
  ...{ organisation: null, field: null, position: null, availability: null },
  ...{ assigned: null, joined: null, trained: null, letter: null, consent: null },
});
export const allAttendance = (region: RegionCode | null): PeopleRoute & { screen: "attendance" } => ({
  ...{ screen: "attendance", region, presence: null, silent: false },
});
export const allIncidents = (region: RegionCode | null): PeopleRoute & { screen: "incidents" } => ({
  ...{ screen: "incidents", region, state: null, category: null, incident: null },
});

/** Number of filters that hide people of the region. */
export function filterCount(route: PeopleFilter): number {
  const { organisation, field, position, availability } = route;
  const chosen = [organisation, field, position, availability, ...MARKS.map((mark) => route[mark])];
  return chosen.filter((each) => each !== null).length;
}

/** The route that an address names; null when it names none of these screens. */
export function parsePeopleRoute(parts: readonly string[], parameters: URLSearchParams): PeopleRoute | null {
  const [screen, name = null] = parts;
  const region = parameters.get("region");
  switch (`${screen} ${name === null ? 0 : 1}`) {
    case "orang 0":
      return parseList(parameters);
    case "impor 0":
    case "impor 1":
      return { screen: "people-import", import: name };
    case "surat-mandat 0":
      return { screen: "mandate-letters", region };
    case "kelengkapan 0":
    case "kelengkapan 1":
      return { screen: "staffing", region: name, lack: oneOf(LACKS, parameters.get("lack")) };
    case "kehadiran 0": {
      const presence = oneOf(PRESENCES, parameters.get("presence"));
      return { screen: "attendance", region, presence, silent: parameters.get("silent") === "true" };
    }
    case "pesan 0":
      return { screen: "messages", region, message: parameters.get("message") };
    case "kejadian 0":
      return {
        ...{ screen: "incidents", region, incident: parameters.get("incident") },
        state: oneOf(INCIDENT_STATES, parameters.get("state")),
        category: oneOf(INCIDENT_CATEGORIES, parameters.get("category")),
      };
    case "akun-saya 0":
      return { screen: "my-account" };
    default:
      return null;
  }
}

function parseList(parameters: URLSearchParams): PeopleListRoute {
  const mark = (name: Mark): YesNo | null => oneOf(YES_NO, parameters.get(name));
  return {
    screen: "people",
    region: parameters.get("region"),
    search: parameters.get("search") ?? "",
    person: parameters.get("person"),
    station: parameters.get("station"),
    organisation: parameters.get("organisation"),
    field: parameters.get("field"),
    position: oneOf(POSITIONS, parameters.get("position")),
    availability: oneOf(AVAILABILITIES, parameters.get("availability")),
    assigned: mark("assigned"),
    joined: mark("joined"),
    trained: mark("trained"),
    letter: mark("letter"),
    consent: mark("consent"),
  };
}

/** The address of a route. `parsePeopleRoute` gives the route back. */
export function addressOfPeople(route: PeopleRoute): string {
  switch (route.screen) {
    case "people":
      return addressOfList(route);
    case "people-import":
      return joinAddress(route.import === null ? ["impor"] : ["impor", route.import]);
    case "mandate-letters":
      return joinAddress(["surat-mandat"], { region: route.region });
    case "staffing":
      return joinAddress(route.region === null ? ["kelengkapan"] : ["kelengkapan", route.region], {
        lack: route.lack,
      });
    case "attendance": {
      const { region, presence, silent } = route;
      return joinAddress(["kehadiran"], { region, presence, silent: silent ? "true" : null });
    }
    case "messages":
      return joinAddress(["pesan"], { region: route.region, message: route.message });
    case "incidents": {
      const { region, state, category, incident } = route;
      return joinAddress(["kejadian"], { region, state, category, incident });
    }
    case "my-account":
      return joinAddress(["akun-saya"]);
  }
}

function addressOfList(route: PeopleListRoute): string {
  const { region, search, person, station, organisation, field, position, availability } = route;
  const { assigned, joined, trained, letter, consent } = route;
  return joinAddress(["orang"], {
    ...{ region, search, person, station, organisation, field, position, availability },
    ...{ assigned, joined, trained, letter, consent },
  });
}

function oneOf<T extends string>(known: readonly T[], text: string | null): T | null {
  return known.find((value) => value === text) ?? null;
}
