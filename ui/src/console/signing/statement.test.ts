import { getPublicKeyAsync, signAsync } from "@noble/ed25519";
import { describe, expect, it } from "vitest";
// The bytes that the Rust side has frozen for the same statements.
import correctionBytes from "../../../../crates/evidence/tests/golden/correction-v1.hex?raw";
import drillBytes from "../../../../crates/evidence/tests/golden/drill-verdict-v1.hex?raw";
import verdictBytes from "../../../../crates/evidence/tests/golden/verdict-v1.hex?raw";
import { encode } from "./cbor";
import { fromHex, toHex } from "./hex";
import { keyId, sealed, unsigned, type Decided } from "./statement";

const seed = new Uint8Array(32).fill(42);
const claims = {
  election: "pilpres-2029-putaran-kedua",
  drill: false,
  station: "52.71.05.1001-901",
  sealedAtS: 1_796_821_200,
  sequence: 2,
  previous: "07".repeat(32),
};

async function bytesOf(decided: Decided, drill = false): Promise<string> {
  const key = await keyId(await getPublicKeyAsync(seed));
  const draft = unsigned({ ...claims, drill }, decided, key);
  return toHex(sealed(draft, await signAsync(draft.toBeSigned, seed)));
}

const verdict: Decided = {
  kind: "verdict",
  statement: "09".repeat(32),
  decision: "disputed",
  reason: "Turus dan huruf menyebut 123",
};

describe("a statement that the browser makes", () => {
  it("has the bytes of the same verdict in Rust", async () => {
    expect(await bytesOf(verdict)).toBe(verdictBytes.trim());
  });

  it("has the bytes of the same verdict in a drill", async () => {
    expect(await bytesOf({ ...verdict, decision: "wrong_station" }, true)).toBe(drillBytes.trim());
  });

  it("has the bytes of the same correction in Rust", async () => {
    const figures = [143, 141, 284, 70_000, 24, 23, 255, 256, 0, -1, -2, null];
    const correction: Decided = {
      kind: "correction",
      contest: "ppwp",
      packageVersion: 3,
      form: "c-hasil-ppwp-2024",
      figures,
      corrects: "09".repeat(32),
      reason: "Kotak menyebut 123",
      round: 1,
    };
    expect(await bytesOf(correction)).toBe(correctionBytes.trim());
  });
});

describe("deterministic CBOR", () => {
  it("has the shortest form of every number", () => {
    const forms = {
      23: "17",
      24: "1818",
      255: "18ff",
      256: "190100",
      65_535: "19ffff",
      65_536: "1a00010000",
    };
    for (const [number, hex] of Object.entries(forms)) {
      expect(toHex(encode(Number(number)))).toBe(hex);
    }
    expect([-1, -24, -25].map((number) => toHex(encode(number)))).toEqual(["20", "37", "3818"]);
    expect(toHex(encode(2 ** 32))).toBe("1b0000000100000000");
    expect(() => encode(2 ** 60)).toThrow();
  });

  it("reads hex digits and nothing else", () => {
    expect(toHex(fromHex("00ff10"))).toBe("00ff10");
    expect(() => fromHex("0g")).toThrow();
  });
});
