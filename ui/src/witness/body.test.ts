import { describe, expect, it } from "vitest";
import { bodyOf } from "./body";

describe("the body of a command", () => {
  it("is the bytes themselves where the web view can carry them", () => {
    const bytes = new Uint8Array([0, 127, 255]);
    expect(bodyOf(bytes, false)).toBe(bytes);
  });

  it("is the same text in pieces as at once", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256);
    expect(bodyOf(bytes, true)).toEqual({
      base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")),
    });
    expect(bodyOf(new Uint8Array(), true)).toEqual({ base64: "" });
  });
});
