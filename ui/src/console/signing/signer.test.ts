// A key that this browser made signs in order, whatever happens to the answers.
import "fake-indexeddb/auto";
import { verifyAsync } from "@noble/ed25519";
import { beforeEach, describe, expect, it } from "vitest";
import type { ReviewKeyRequest, ReviewKeyView } from "../../shared/generated/console";
import { RequestFailed } from "../api/failure";
import type { ReviewApi } from "../api/review";
import { fromHex, toHex } from "./hex";
import { forgetKey, keptKey } from "./kept";
import { idOf, possessionMessage, sealedByUs, sign } from "./key";
import { ForeignHead, Signer } from "./signer.svelte";
import { sha256, type Decided } from "./statement";

const signatory = { user: "rini", election: "demo", drill: false };
const verdict: Decided = { kind: "verdict", statement: "09".repeat(32), decision: "verified", reason: "" };
const station = "52.71.05.1001-001";

/** An endpoint that knows one key, and whose answers may get lost. */
class Endpoint {
  known: ReviewKeyView | null = null;
  /** What happens to the next statements. */
  next: ("lost before" | "lost after")[] = [];
  received: string[] = [];

  readonly api = {
    keys: () => Promise.resolve(this.known === null ? [] : [this.known]),
    enrolKey: async (request: ReviewKeyRequest) => {
      const message = possessionMessage(signatory.election, signatory.user, request.key);
      expect(await verifyAsync(fromHex(request.proof), message, fromHex(request.key))).toBe(true);
      const id = await idOf({ publicKey: request.key });
      const { key, keeping } = request;
      this.known = {
        ...{
          id,
          key,
          keeping,
          user: "rini",
          enrolled_at_ms: 0,
          revoked_at_ms: null,
          sequence: 0,
          head: null,
        },
      };
      return this.known;
    },
    decide: async (_: string, { statement }: { statement: string }) => {
      const fate = this.next.shift();
      if (fate === "lost before") {
        throw new RequestFailed({ code: "unreachable", detail: "" });
      }
      const bytes = Uint8Array.from(atob(statement), (letter) => letter.charCodeAt(0));
      const known = this.known;
      if (known === null) {
        throw new Error("no key");
      }
      const text = toHex(bytes);
      const previous = known.head === null ? "f6" : `5820${known.head}`;
      if (!text.includes(`01${(known.sequence + 1).toString(16).padStart(2, "0")}02${previous}`)) {
        throw new RequestFailed({ code: "review_key_out_of_place", detail: "" });
      }
      this.received.push(text);
      this.known = { ...known, sequence: known.sequence + 1, head: toHex(await sha256(bytes)) };
      if (fate === "lost after") {
        throw new RequestFailed({ code: "unreachable", detail: "" });
      }
    },
  } as unknown as ReviewApi;
}

describe("the key of a browser", () => {
  let endpoint: Endpoint;
  let signer: Signer;
  beforeEach(async () => {
    await forgetKey("demo real rini");
    endpoint = new Endpoint();
    signer = new Signer(endpoint.api, () => 1_796_821_200_000);
    await signer.open(signatory);
    expect(signer.key).toBeNull();
    await signer.enrol("garam dan asam");
  });

  it("is enrolled with a proof, and found again after a reload", async () => {
    const later = new Signer(endpoint.api);
    await later.open(signatory);
    expect(later.key).toBe(signer.key);
    const kept = await keptKey("demo real rini");
    expect(JSON.stringify(kept)).not.toContain("privateKey");
  });

  it("continues its chain when an answer or a request got lost", async () => {
    await signer.decide(station, verdict);
    endpoint.next = ["lost after"];
    await expect(signer.decide(station, verdict)).rejects.toThrow();
    await signer.decide(station, { ...verdict, decision: "withdrawn" });
    endpoint.next = ["lost before"];
    await expect(signer.decide(station, verdict)).rejects.toThrow();
    await signer.decide(station, verdict);
    expect(endpoint.received).toHaveLength(4);
    expect(endpoint.known?.sequence).toBe(4);
  });

  it("does not follow a head that it never signed", async () => {
    await signer.decide(station, verdict);
    if (endpoint.known !== null) {
      endpoint.known = { ...endpoint.known, sequence: 7, head: "07".repeat(32) };
    }
    await expect(signer.decide(station, verdict)).rejects.toThrow(ForeignHead);
  });

  it("is forgotten when it was revoked", async () => {
    if (endpoint.known !== null) {
      endpoint.known = { ...endpoint.known, revoked_at_ms: 1 };
    }
    const later = new Signer(endpoint.api);
    await later.open(signatory);
    expect(later.key).toBeNull();
    expect(await keptKey("demo real rini")).toBeNull();
  });
});

describe("a browser without Ed25519", () => {
  it("signs with a secret that is kept sealed", async () => {
    const key = await sealedByUs("rini");
    const message = new TextEncoder().encode("putusan");
    const signature = await sign(key, message);
    expect(key.keeping).toBe("sealed");
    expect(await verifyAsync(signature, message, fromHex(key.publicKey))).toBe(true);
  });
});
