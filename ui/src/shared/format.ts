// Numbers, times and sizes as people write them in each language. No function here throws, whatever number comes: what
// others signed is shown as it is, or as implausible.
import { translate } from "./text/t";
import { locales, type Language } from "./text/translator";
import type { Zone } from "./zone";

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function cached<Format extends Intl.NumberFormat | Intl.DateTimeFormat>(
  key: string,
  make: () => Format,
): Format {
  let format = formats.get(key);
  if (format === undefined) {
    format = make();
    formats.set(key, format);
  }
  return format as Format;
}

/** Times outside these years are a device's wrong clock, not a moment of an election. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2201, 0, 1);

/** Whether a time can be a moment of an election. The endpoint sends null for a device's time that cannot be one. */
export function isPlausible(ms: number | null): ms is number {
  return ms !== null && ms >= EARLIEST_MS && ms < LATEST_MS;
}

const parts = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  exact: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  shortDay: { day: "numeric", month: "short" },
  day: { day: "numeric", month: "long", year: "numeric" },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

/** A part of a plausible time in a zone. */
function dated(
  part: keyof typeof parts,
  ms: number,
  language: Language,
  timeZone: string | undefined,
): string {
  return cached(
    `${part} ${language} ${timeZone ?? ""}`,
    () => new Intl.DateTimeFormat(locales[language], { ...parts[part], timeZone }),
  ).format(ms);
}

/** A time and the name of its zone, or that the time is implausible. */
function zoned(ms: number | null, language: Language, zone: Zone, write: (ms: number) => string): string {
  return isPlausible(ms) ? `${write(ms)} ${zone.nameAt(ms)}` : translate(language, "time.implausible");
}

/** `11.598` in Indonesian, `11,598` in English; `–` for what is no number. */
export function formatNumber(value: number, language: Language, fractionDigits = 0): string {
  if (!Number.isFinite(value)) {
    return "–";
  }
  return cached(
    `number ${language} ${fractionDigits}`,
    () => new Intl.NumberFormat(locales[language], { maximumFractionDigits: fractionDigits }),
  ).format(value);
}

/** A share as a percentage with one decimal: `71,4%`. */
export function formatShare(share: number, language: Language): string {
  if (!Number.isFinite(share)) {
    return "–";
  }
  return cached(
    `share ${language}`,
    () => new Intl.NumberFormat(locales[language], { style: "percent", maximumFractionDigits: 1 }),
  ).format(share);
}

/** The time of day: `20.41 WITA` in Indonesian, `20:41 WITA` in English. */
export function formatTime(ms: number, language: Language, zone: Zone): string {
  return zoned(ms, language, zone, (ms) => dated("time", ms, language, zone.timeZone));
}

/** The time of day without its zone, where the zone stands beside many of them: `20.41`. */
export function formatTimeBare(ms: number, language: Language, zone: Zone): string {
  return isPlausible(ms) ? dated("time", ms, language, zone.timeZone) : "–";
}

/** The time of day with seconds: `20.41.18 WITA`. */
export function formatTimeExact(ms: number | null, language: Language, zone: Zone): string {
  return zoned(ms, language, zone, (ms) => dated("exact", ms, language, zone.timeZone));
}

/** A day: `14 Februari 2024`. */
export function formatDay(ms: number, language: Language, zone: Zone): string {
  return isPlausible(ms)
    ? dated("day", ms, language, zone.timeZone)
    : translate(language, "time.implausible");
}

/** A day that comes as `YYYY-MM-DD` and belongs to no time zone. */
export function formatDate(date: string, language: Language): string {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return isPlausible(ms) ? dated("day", ms, language, "UTC") : date;
}

/** The time of day of something from today, otherwise day and time: `20.41 WITA`, `13 Feb 20.41 WITA`. */
export function formatMoment(ms: number | null, nowMs: number, language: Language, zone: Zone): string {
  return zoned(ms, language, zone, (ms) => {
    const time = dated("time", ms, language, zone.timeZone);
    const day = dated("day", ms, language, zone.timeZone);
    const today = isPlausible(nowMs) && day === dated("day", nowMs, language, zone.timeZone);
    return today ? time : `${dated("shortDay", ms, language, zone.timeZone)} ${time}`;
  });
}

/** How long something lasts, in its largest whole unit: `3 tahun`, `26 jam`, `45 menit`. The sign does not matter. */
export function formatSpan(ms: number, language: Language): string {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000));
  if (!Number.isFinite(minutes)) {
    return translate(language, "time.implausible");
  }
  const [value, unit] = largestUnit(minutes);
  return cached(
    `span ${unit} ${language}`,
    () => new Intl.NumberFormat(locales[language], { style: "unit", unit, unitDisplay: "long" }),
  ).format(value);
}

function largestUnit(minutes: number): readonly [number, "year" | "day" | "hour" | "minute"] {
  const years = Math.round(minutes / (365 * 24 * 60));
  if (years >= 2) {
    return [years, "year"];
  }
  if (minutes >= 3 * 24 * 60) {
    return [Math.round(minutes / (24 * 60)), "day"];
  }
  return minutes >= 90 ? [Math.round(minutes / 60), "hour"] : [minutes, "minute"];
}

/** Bytes in the step that a person can compare: `412 KB`, `1,9 MB`. A thousand bytes are one KB. */
export function formatBytes(bytes: number, language: Language): string {
  if (bytes < 1000) {
    return `${formatNumber(bytes, language)} B`;
  }
  if (bytes < 999_500) {
    return `${formatNumber(bytes / 1000, language)} KB`;
  }
  return `${formatNumber(bytes / 1_000_000, language, 1)} MB`;
}

/** A TPS number as the paper writes it, with at least three digits: `014`. */
export function formatStationNumber(number: number): string {
  return String(number).padStart(3, "0");
}

/** A long hex name in groups of four, to be compared by eye. */
export function groupsOfFour(hex: string): string[] {
  return hex.match(/.{1,4}/g) ?? [];
}
