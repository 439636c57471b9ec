// A statement as the coordinator's browser makes it: what is decided goes straight from the screen into the bytes that
// are signed, so that nobody between can put something else there. A test compares the bytes with those of the Rust
// side. The format is in docs/evidence.md.
import type { VerdictDecision } from "../../shared/generated/console";
import { CborMap, encode, joined, type Cbor } from "./cbor";
import { fromHex, toHex } from "./hex";

/** What a coordinator decides on a statement. */
export interface Verdict {
  readonly kind: "verdict";
  /** The statement that it is about, hex. */
  readonly statement: string;
  readonly decision: VerdictDecision;
  readonly reason: string;
}

/** The figures that a coordinator read in place of a witness's. */
export interface Correction {
  readonly kind: "correction";
  readonly contest: string;
  readonly packageVersion: number;
  readonly form: string;
  /** In the paper's order, as on the wire: -1 for blank, -2 for illegible, null where nothing was typed. */
  readonly figures: readonly (number | null)[];
  /** The witness's tally, hex. */
  readonly corrects: string;
  readonly reason: string;
  readonly round: number;
}

export type Decided = Verdict | Correction;

/** Where a statement stands in the chain of its key. */
export interface Place {
  readonly sequence: number;
  /** The id of the statement before it, hex; null for the first. */
  readonly previous: string | null;
}

/** What every statement says beside its content. */
export interface Claims extends Place {
  /** The election's id, and whether this is a drill. */
  readonly election: string;
  readonly drill: boolean;
  readonly station: string;
  /** Seconds since 1970. */
  readonly sealedAtS: number;
}

/** The numbers of decisions in a statement. */
const DECISIONS: Record<VerdictDecision, number> = {
  verified: 1,
  disputed: 2,
  withdrawn: 3,
  wrong_station: 4,
};
const EDDSA = -8;
const CWT_CLAIMS = 15;
/** What a drill's signatures cover beside the statement. */
const DRILL_DATA = "saksi-drill-v1";

/** A statement that is ready to be signed. */
export interface Unsigned {
  readonly headers: Uint8Array;
  readonly payload: Uint8Array;
  /** The bytes that the key signs (RFC 9052 §4.4). */
  readonly toBeSigned: Uint8Array;
}

/** The id of a key: the first 16 bytes of the SHA-256 of its public half. */
export async function keyId(publicKey: Uint8Array): Promise<Uint8Array> {
  return (await sha256(publicKey)).slice(0, 16);
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

export function unsigned(claims: Claims, decided: Decided, key: Uint8Array): Unsigned {
  const { drill, election, station, sealedAtS } = claims;
  const type = `application/vnd.saksi.${drill ? "drill." : ""}${decided.kind}.v1+cbor`;
  const headers = encode(
    new CborMap([
      [1, EDDSA],
      [3, type],
      [4, key],
      [
        CWT_CLAIMS,
        new CborMap([
          [1, `urn:saksi:device:${toHex(key)}`],
          [2, `urn:saksi:${drill ? "drill" : "real"}:${election}:${station}`],
          [6, sealedAtS],
        ]),
      ],
    ]),
  );
  const previous = claims.previous === null ? null : fromHex(claims.previous);
  const payload = encode(new CborMap([[1, claims.sequence], [2, previous], ...contentOf(decided)]));
  const external = new TextEncoder().encode(drill ? DRILL_DATA : "");
  return { headers, payload, toBeSigned: encode(["Signature1", headers, external, payload]) };
}

function contentOf(decided: Decided): (readonly [number, Cbor])[] {
  if (decided.kind === "verdict") {
    return [
      [10, fromHex(decided.statement)],
      [11, DECISIONS[decided.decision]],
      [12, decided.reason],
    ];
  }
  return [
    [10, decided.contest],
    [11, decided.packageVersion],
    [12, decided.form],
    [13, decided.figures],
    [14, fromHex(decided.corrects)],
    [15, decided.reason],
    [16, decided.round],
  ];
}

/** The statement: a tagged COSE_Sign1. Its id is the SHA-256 of these bytes. */
export function sealed({ headers, payload }: Unsigned, signature: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(0xd2), encode([headers, new CborMap([]), payload, signature])]);
}
