// Where the witness is: every screen has an address, so that a reload returns to it.
import { joinAddress, splitAddress } from "../shared/address";
import type { FieldCode } from "../shared/generated/witness";
import { FIRST_ROUND, type TallyKey } from "./commands";

/** The screens, and what each is about. */
export type Route =
  | { readonly screen: "home"; readonly station: string | null }
  | { readonly screen: "record"; readonly station: string }
  | { readonly screen: "proofs" }
  | { readonly screen: "messages" }
  | { readonly screen: "help" }
  | { readonly screen: "elections" }
  | { readonly screen: "practice" }
  | { readonly screen: "sheet" }
  | { readonly screen: "result" }
  | { readonly screen: "handbook" }
  | {
      readonly screen: "entry";
      readonly tallyKey: TallyKey;
      /** `null`: wherever the witness stopped. */
      readonly section: FieldCode | null;
      /** The field to go to; `null`: the first of the section that is not typed yet. */
      readonly field: FieldCode | null;
    }
  | { readonly screen: "parties" | "photos" | "check" | "proof"; readonly tallyKey: TallyKey };

export const home: Route = { screen: "home", station: null };

/** The words of the address, in Indonesian like the rest of what people see. */
const tallyScreens = {
  entry: "isian",
  parties: "partai",
  photos: "foto",
  check: "periksa",
  proof: "bukti",
} as const;
const RECORD = "catatan";
const PRACTICE = "latihan";
const SHEET = "lembar";
const RESULT = "nilai";
/** Between a contest and the number of a later round, in one part of an address. */
const ROUND = "~";

/** The address of a route, `#/…`. */
export function addressOf(route: Route): string {
  switch (route.screen) {
    case "home":
      return joinAddress(route.station === null ? [] : ["tps", route.station]);
    case "record":
      return joinAddress(["tps", route.station, RECORD]);
    case "proofs":
      return joinAddress(["bukti"]);
    case "messages":
      return joinAddress(["pesan"]);
    case "help":
      return joinAddress(["bantuan"]);
    case "elections":
      return joinAddress(["pemilihan"]);
    case "practice":
      return joinAddress([PRACTICE]);
    case "sheet":
      return joinAddress([PRACTICE, SHEET]);
    case "result":
      return joinAddress([PRACTICE, RESULT]);
    case "handbook":
      return joinAddress(["buku"]);
    default:
      return joinAddress(tallyParts(route));
  }
}

function tallyParts(route: Extract<Route, { tallyKey: TallyKey }>): string[] {
  const { station, contest, round } = route.tallyKey;
  const paper = round === FIRST_ROUND ? contest : `${contest}${ROUND}${round}`;
  const parts = ["tps", station, paper, tallyScreens[route.screen]];
  if (route.screen === "entry" && route.section !== null) {
    parts.push(route.section, ...(route.field === null ? [] : [route.field]));
  }
  return parts;
}

/** The route of an address; home for one that names no screen. */
export function parseRoute(hash: string): Route {
  const [first, station, second, ...rest] = splitAddress(hash).parts;
  if (first === "bukti" && station === undefined) {
    return { screen: "proofs" };
  }
  if (first === "pesan" && station === undefined) {
    return { screen: "messages" };
  }
  if (first === "bantuan" && station === undefined) {
    return { screen: "help" };
  }
  if (first === "pemilihan" && station === undefined) {
    return { screen: "elections" };
  }
  if (first === PRACTICE) {
    return { screen: station === SHEET ? "sheet" : station === RESULT ? "result" : "practice" };
  }
  if (first === "buku" && station === undefined) {
    return { screen: "handbook" };
  }
  if (first !== "tps" || station === undefined) {
    return home;
  }
  if (second === undefined) {
    return { screen: "home", station };
  }
  if (second === RECORD && rest.length === 0) {
    return { screen: "record", station };
  }
  return parseTallyRoute(parseTallyKey(station, second), rest);
}

/** A round that is no number is the first count. */
function parseTallyKey(station: string, paper: string): TallyKey {
  const [contest = "", round] = paper.split(ROUND, 2);
  const number = Number(round);
  return { station, contest, round: Number.isInteger(number) && number > FIRST_ROUND ? number : FIRST_ROUND };
}

function parseTallyRoute(tallyKey: TallyKey, parts: readonly string[]): Route {
  const [word, section = null, field = null] = parts;
  switch (word) {
    case tallyScreens.entry:
      return { screen: "entry", tallyKey, section, field };
    case tallyScreens.parties:
      return { screen: "parties", tallyKey };
    case tallyScreens.photos:
      return { screen: "photos", tallyKey };
    case tallyScreens.check:
      return { screen: "check", tallyKey };
    case tallyScreens.proof:
      return { screen: "proof", tallyKey };
    default:
      return home;
  }
}
