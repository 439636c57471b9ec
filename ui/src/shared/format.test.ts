import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDate,
  formatMoment,
  formatNumber,
  formatSpan,
  formatStationNumber,
  formatTime,
  groupsOfFour,
} from "./format";

/** 14 February 2024, 20.41.18 WITA. */
const evening = Date.UTC(2024, 1, 14, 12, 41, 18);

describe("figures and times", () => {
  it("are written as each language writes them", () => {
    expect(formatNumber(11598, "id")).toBe("11.598");
    expect(formatNumber(11598, "en")).toBe("11,598");
    expect(formatTime(evening, "id")).toBe("20.41");
    expect(formatTime(evening, "en")).toBe("20:41");
    expect(formatDate("2024-02-14", "id")).toBe("14 Februari 2024");
    expect(formatDate("someday", "id")).toBe("someday");
  });

  it("name the day only when it is not today", () => {
    expect(formatMoment(evening, evening + 60_000, "id")).toBe("20.41");
    expect(formatMoment(evening, evening + 86_400_000, "id")).toBe("14 Feb 20.41");
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
