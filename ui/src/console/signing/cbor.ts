// Deterministic CBOR (RFC 8949 §4.2.1), as far as signed statements use it: whole numbers, texts, byte strings, null,
// lists, and maps whose keys are given in the order of their encodings.

export type Cbor = number | string | Uint8Array | null | readonly Cbor[] | CborMap;

/** The entries of a map, in the order of their encoded keys. */
export class CborMap {
  constructor(readonly entries: readonly (readonly [number, Cbor])[]) {}
}

/** The one encoding of a value. */
export function encode(value: Cbor): Uint8Array {
  if (value === null) {
    return Uint8Array.of(0xf6);
  }
  if (typeof value === "number") {
    return value < 0 ? head(1, -1 - value) : head(0, value);
  }
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    return joined([head(3, text.length), text]);
  }
  if (value instanceof Uint8Array) {
    return joined([head(2, value.length), value]);
  }
  if (value instanceof CborMap) {
    const entries = value.entries.flatMap(([key, of]) => [encode(key), encode(of)]);
    return joined([head(5, value.entries.length), ...entries]);
  }
  return joined([head(4, value.length), ...value.map(encode)]);
}

/** A major type with its argument, in the shortest form. */
function head(major: number, argument: number): Uint8Array {
  if (!Number.isSafeInteger(argument)) {
    throw new RangeError(`${argument} has no exact encoding`);
  }
  const first = major << 5;
  if (argument < 24) {
    return Uint8Array.of(first | argument);
  }
  const bytes = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
  const encoded = new Uint8Array(1 + bytes);
  encoded[0] = first | { 1: 24, 2: 25, 4: 26, 8: 27 }[bytes];
  let rest = argument;
  for (let index = bytes; index > 0; index -= 1) {
    encoded[index] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  return encoded;
}

/** Byte strings one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
