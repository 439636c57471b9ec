import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDate,
  formatDay,
  formatMoment,
  formatNumber,
  formatShare,
  formatSpan,
  formatStationNumber,
  formatTime,
  formatTimeBare,
  formatTimeExact,
  groupsOfFour,
} from "./format";
import { zoneOf } from "./zone";

/** 14 February 2024, 20.41.18 WITA. */
const evening = Date.UTC(2024, 1, 14, 12, 41, 18);
const lombok = zoneOf("52.71.01.1001-014");

describe("figures and times", () => {
  it("are written as each language writes them", () => {
    expect(formatNumber(11598, "id")).toBe("11.598");
    expect(formatNumber(11598, "en")).toBe("11,598");
    expect(formatTime(evening, "id", lombok)).toBe("20.41 WITA");
    expect(formatTime(evening, "en", lombok)).toBe("20:41 WITA");
    expect(formatTimeExact(evening, "id", lombok)).toBe("20.41.18 WITA");
    expect(formatDate("2024-02-14", "id")).toBe("14 Februari 2024");
    expect(formatDate("someday", "id")).toBe("someday");
  });

  it("are those of the station's clock, wherever they are read", () => {
    expect(formatTime(evening, "id", zoneOf("32.73"))).toBe("19.41 WIB");
    expect(formatTime(evening, "id", zoneOf("91.71"))).toBe("21.41 WIT");
    const midnight = Date.UTC(2024, 1, 14, 15, 30);
    expect(formatDay(midnight, "id", zoneOf("32.73"))).toBe("14 Februari 2024");
    expect(formatDay(midnight, "id", zoneOf("91.71"))).toBe("15 Februari 2024");
  });

  it("name the day only when it is not today at the station", () => {
    expect(formatMoment(evening, evening + 60_000, "id", lombok)).toBe("20.41 WITA");
    expect(formatMoment(evening, evening + 86_400_000, "id", lombok)).toBe("14 Feb 20.41 WITA");
    const almostMidnight = Date.UTC(2024, 1, 14, 16, 30);
    expect(formatMoment(evening, almostMidnight, "id", zoneOf("32.73"))).toBe("19.41 WIB");
    expect(formatMoment(evening, almostMidnight, "id", lombok)).toBe("14 Feb 20.41 WITA");
  });

  it("give sizes in steps that can be compared", () => {
    expect(formatBytes(0, "id")).toBe("0 B");
    expect(formatBytes(412_345, "id")).toBe("412 KB");
    expect(formatBytes(999_700, "id")).toBe("1 MB");
    expect(formatBytes(1_940_000, "id")).toBe("1,9 MB");
  });

  it("say how long something lasts in its largest unit", () => {
    expect(formatSpan(45 * 60_000, "id")).toBe("45 menit");
    expect(formatSpan(-26 * 3_600_000, "en")).toBe("26 hours");
    expect(formatSpan(3 * 365 * 86_400_000, "id")).toBe("3 tahun");
  });

  it("write TPS numbers and fingerprints as the paper and the proof do", () => {
    expect(formatStationNumber(4)).toBe("004");
    expect(formatStationNumber(901)).toBe("901");
    expect(groupsOfFour("9c410e7bd2")).toEqual(["9c41", "0e7b", "d2"]);
  });
});

describe("a number that somebody signed", () => {
  const extremes = [2 ** 63, -(2 ** 63), 8.64e15, 8.64e15 + 1, -8.64e15, 1e21, -1e308]
    .concat([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE, -0])
    .concat([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_VALUE]);

  it.each(extremes)("never throws: %d", (value) => {
    for (const language of ["id", "en"] as const) {
      for (const zone of [lombok, zoneOf("99")]) {
        for (const text of [
          formatTime(value, language, zone),
          formatTimeBare(value, language, zone),
          formatTimeExact(value, language, zone),
          formatDay(value, language, zone),
          formatMoment(value, evening, language, zone),
          formatMoment(evening, value, language, zone),
          formatSpan(value, language),
          formatNumber(value, language),
          formatShare(value, language),
          formatBytes(value, language),
          formatStationNumber(value),
        ]) {
          expect(text).not.toBe("");
          expect(text).not.toContain("Invalid");
        }
      }
    }
  });

  it("is called implausible outside the years 2000 to 2200", () => {
    const first = Date.UTC(2000, 0, 1);
    const last = Date.UTC(2200, 11, 31, 23, 59);
    expect(formatTime(first, "id", lombok)).toBe("08.00 WITA");
    expect(formatTime(last, "id", lombok)).toContain("WITA");
    for (const ms of [0, first - 1, Date.UTC(2201, 0, 1), Number.NaN]) {
      expect(formatTime(ms, "id", lombok)).toBe("waktu tidak masuk akal");
      expect(formatMoment(ms, evening, "en", lombok)).toBe("clock wrong");
      expect(formatDay(ms, "en", lombok)).toBe("clock wrong");
    }
  });

  it("leaves a moment readable when the reader's own clock is wrong", () => {
    expect(formatMoment(evening, Number.NaN, "id", lombok)).toBe("14 Feb 20.41 WITA");
  });
});
