// The key with which a coordinator signs. It is made in this browser and kept in it; its secret half is never sent.
//
// A browser that knows Ed25519 makes a key that no script can read, this one included. An older browser keeps the
// secret half sealed under an AES key that cannot be read either: a script on this page can use it then, and for the
// moment of signing it is in memory. The endpoint learns which of the two it is.
import { fromHex, toHex } from "./hex";
import { keyId } from "./statement";

/** How a key is kept: by the browser itself, or by our own program over a sealed secret. */
export type Keeping = "browser" | "sealed";

/** A key of a user, with what it signed last. */
export interface SigningKey {
  readonly user: string;
  readonly keeping: Keeping;
  /** 32 bytes, hex. */
  readonly publicKey: string;
  /** The last statement that the endpoint has from this key; null before the first. */
  readonly head: Head | null;
  /** One that was sent and not answered yet. */
  readonly pending: Head | null;
  readonly secret: CryptoKey | SealedSecret;
}

export interface Head {
  readonly sequence: number;
  /** The statement's id, hex. */
  readonly id: string;
}

interface SealedSecret {
  readonly sealedUnder: CryptoKey;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

/** This page was not opened over a secure connection, without which browsers make no keys. */
export class NoSecureContext extends Error {}

/** Makes a key. Nothing of it is kept yet. */
export async function makeKey(user: string): Promise<SigningKey> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new NoSecureContext();
  }
  return (await byTheBrowser(user)) ?? (await sealedByUs(user));
}

/** Null where the browser does not know Ed25519. */
async function byTheBrowser(user: string): Promise<SigningKey | null> {
  let pair: CryptoKeyPair;
  try {
    const made = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    pair = made as CryptoKeyPair;
  } catch {
    return null;
  }
  const publicKey = toHex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  return { user, keeping: "browser", publicKey, head: null, pending: null, secret: pair.privateKey };
}

export async function sealedByUs(user: string): Promise<SigningKey> {
  const { getPublicKeyAsync } = await import("@noble/ed25519");
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const publicKey = toHex(await getPublicKeyAsync(seed));
  const sealedUnder = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, sealedUnder, seed);
  seed.fill(0);
  const secret = { sealedUnder, nonce, sealed };
  return { user, keeping: "sealed", publicKey, head: null, pending: null, secret };
}

/** Signs bytes with the key. */
export async function sign(key: SigningKey, message: Uint8Array): Promise<Uint8Array> {
  if (!("sealedUnder" in key.secret)) {
    const bytes = message as Uint8Array<ArrayBuffer>;
    return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, key.secret, bytes));
  }
  const { sealedUnder, nonce, sealed } = key.secret;
  const { signAsync } = await import("@noble/ed25519");
  const seed = new Uint8Array(
    await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, sealedUnder, sealed),
  );
  try {
    return await signAsync(message, seed);
  } finally {
    seed.fill(0);
  }
}

/** The id under which the endpoint knows the key, hex. */
export async function idOf(key: Pick<SigningKey, "publicKey">): Promise<string> {
  return toHex(await keyId(fromHex(key.publicKey)));
}

/** What the key signs to show that the user who enrols it has its secret half. */
export function possessionMessage(election: string, user: string, publicKey: string): Uint8Array {
  const context = new TextEncoder().encode(`saksi-review-key-v1\0${election}\0${user}\0`);
  return Uint8Array.from([...context, ...fromHex(publicKey)]);
}
