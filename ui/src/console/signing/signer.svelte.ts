// Signs what the user decides with the key of this browser, and gives it to the endpoint.
import type { StationId } from "../../shared/generated/console";
import { failureOf } from "../api/failure";
import type { ReviewApi } from "../api/review";
import { fromHex, toBase64, toHex } from "./hex";
import { forgetKey, keepKey, keptKey } from "./kept";
import { idOf, makeKey, possessionMessage, sign, type Head, type SigningKey } from "./key";
import { keyId, sealed, sha256, unsigned, type Decided } from "./statement";

/** Who signs, and in which election. */
export interface Signatory {
  readonly user: string;
  readonly election: string;
  readonly drill: boolean;
}

/** The endpoint knows another last statement of the key than this browser: one of the two lost something. */
export class ForeignHead extends Error {}

/** The refusal of a statement that does not follow the last one. */
const OUT_OF_PLACE = "review_key_out_of_place";

export class Signer {
  /** The key's id; null where this browser has no key of the user, undefined until that is known. */
  key = $state<string | null | undefined>(undefined);

  readonly #api: ReviewApi;
  readonly #now: () => number;
  #signatory: Signatory | null = null;

  constructor(api: ReviewApi, now: () => number = Date.now) {
    this.#api = api;
    this.#now = now;
  }

  /** Looks whether this browser has a key of the user that the endpoint still accepts. */
  async open(signatory: Signatory): Promise<void> {
    this.#signatory = signatory;
    this.key = undefined;
    const kept = await keptKey(nameOf(signatory)).catch(() => null);
    if (kept === null) {
      this.key = null;
      return;
    }
    const id = await idOf(kept);
    try {
      const known = (await this.#api.keys()).find((one) => one.id === id);
      if (known === undefined || known.revoked_at_ms !== null) {
        await forgetKey(kept.user);
        this.key = null;
        return;
      }
    } catch {
      // Without an answer the key may still be good. What it signs will be refused if it is not.
    }
    this.key = id;
  }

  /** Makes a key, and enrols it with the user's password. */
  async enrol(password: string): Promise<void> {
    const signatory = this.#mustKnow();
    const key = await makeKey(nameOf(signatory));
    const message = possessionMessage(signatory.election, signatory.user, key.publicKey);
    const proof = toHex(await sign(key, message));
    const enrolled = await this.#api.enrolKey({
      ...{ password, key: key.publicKey, proof, keeping: key.keeping },
    });
    await keepKey(key);
    this.key = enrolled.id;
  }

  /** Forgets the key of this browser, for instance because it was revoked. */
  async forget(): Promise<void> {
    await forgetKey(nameOf(this.#mustKnow()));
    this.key = null;
  }

  /** Signs a decision about a station, and gives it to the endpoint. Returns the statement's id, hex. */
  decide(station: StationId, decided: Decided): Promise<string> {
    return oneAtATime(() => this.#decide(station, decided, true));
  }

  async #decide(station: StationId, decided: Decided, again: boolean): Promise<string> {
    const signatory = this.#mustKnow();
    const name = nameOf(signatory);
    let key = await keptKey(name);
    if (key === null) {
      this.key = null;
      throw new Error("this browser has no key");
    }
    if (key.pending !== null) {
      key = await this.#settled(key);
    }
    const place = { sequence: (key.head?.sequence ?? 0) + 1, previous: key.head?.id ?? null };
    const { election, drill } = signatory;
    const claims = { ...place, election, drill, station, sealedAtS: Math.floor(this.#now() / 1000) };
    const draft = unsigned(claims, decided, await keyId(fromHex(key.publicKey)));
    const bytes = sealed(draft, await sign(key, draft.toBeSigned));
    const pending: Head = { sequence: place.sequence, id: toHex(await sha256(bytes)) };
    // Kept before it is sent: if no answer comes, the next one asks first whether it arrived.
    await keepKey({ ...key, pending });
    try {
      await this.#api.decide(station, { statement: toBase64(bytes) });
    } catch (thrown) {
      const { code } = failureOf(thrown);
      if (code === OUT_OF_PLACE && again) {
        await this.#settled({ ...key, pending });
        return this.#decide(station, decided, false);
      }
      throw thrown;
    }
    await keepKey({ ...key, head: pending, pending: null });
    return pending.id;
  }

  /** The key with the head that the endpoint has, if that is one which this browser signed. */
  async #settled(key: SigningKey): Promise<SigningKey> {
    const id = await idOf(key);
    const known = (await this.#api.keys()).find((one) => one.id === id);
    const head = known?.head === undefined || known.head === null ? null : known.head;
    const ours = [key.head, key.pending].find((one) => (one?.id ?? null) === head);
    if (known === undefined || ours === undefined) {
      throw new ForeignHead();
    }
    const settled = { ...key, head: ours, pending: null };
    await keepKey(settled);
    return settled;
  }

  #mustKnow(): Signatory {
    if (this.#signatory === null) {
      throw new Error("nobody is logged in");
    }
    return this.#signatory;
  }
}

/** Under which name the key is kept. One browser may know several elections at one address, one after the other. */
function nameOf({ election, user, drill }: Signatory): string {
  return `${election} ${drill ? "drill" : "real"} ${user}`;
}

/** Two windows of one browser share the key, and so its place in the chain. */
async function oneAtATime<T>(action: () => Promise<T>): Promise<T> {
  if (globalThis.navigator?.locks === undefined) {
    return action();
  }
  return (await navigator.locks.request("saksi-signing", action)) as T;
}
