import { afterEach, describe, expect, it, vi } from "vitest";
import { readerZone, zoneOf } from "./zone";

const noon = Date.UTC(2024, 1, 14, 5);
const nameOf = (code: string | null): string => zoneOf(code).nameAt(noon);

describe("the zone of a station", () => {
  it.each([
    ["11.71.01.1001-001", "WIB"],
    ["32.73", "WIB"],
    ["61", "WIB"],
    ["62.71", "WIB"],
    ["51.71", "WITA"],
    ["52.71.01.1001-014", "WITA"],
    ["53", "WITA"],
    ["63", "WITA"],
    ["65.71", "WITA"],
    ["73.71", "WITA"],
    ["81", "WIT"],
    ["82", "WIT"],
    ["91.71", "WIT"],
    ["96", "WIT"],
  ])("%s is %s", (code, name) => {
    expect(nameOf(code)).toBe(name);
  });

  it("is known for each of the 38 provinces", () => {
    const provinces = [11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53].concat([
      61, 62, 63, 64, 65, 71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96,
    ]);
    expect(provinces).toHaveLength(38);
    for (const code of provinces) {
      expect(zoneOf(String(code)).timeZone, String(code)).toBeDefined();
    }
  });
});

describe("the reader's zone", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("is used abroad, for the whole election, and for a code that is none", () => {
    for (const code of ["99.01.01.0001-001", null, "", "7", "constructor"]) {
      expect(zoneOf(code), String(code)).toEqual(readerZone());
    }
  });

  it.each([
    ["Asia/Pontianak", "WIB"],
    ["Asia/Makassar", "WITA"],
    ["Asia/Riyadh", "UTC+3"],
    ["Asia/Kolkata", "UTC+5.30"],
    ["America/New_York", "UTC-5"],
  ])("in %s is called %s", (timeZone, name) => {
    vi.stubEnv("TZ", timeZone);
    expect(nameOf(null)).toBe(name);
    for (const extreme of [Number.NaN, Number.POSITIVE_INFINITY, -(2 ** 63)]) {
      expect(typeof zoneOf(null).nameAt(extreme)).toBe("string");
    }
  });
});
