// Numbers, times and sizes as people write them in each language.
import { locales, type Language } from "./i18n/translate";

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function kept<Format extends Intl.NumberFormat | Intl.DateTimeFormat>(
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

function dated(language: Language, name: string, options: Intl.DateTimeFormatOptions, ms: number): string {
  return kept(`${name} ${language}`, () => new Intl.DateTimeFormat(locales[language], options)).format(ms);
}

/** `11.598` in Indonesian, `11,598` in English. */
export function formatNumber(value: number, language: Language, fractionDigits = 0): string {
  return kept(
    `number ${language} ${fractionDigits}`,
    () => new Intl.NumberFormat(locales[language], { maximumFractionDigits: fractionDigits }),
  ).format(value);
}

/** A share as a percentage with one decimal: `71,4%`. */
export function formatShare(share: number, language: Language): string {
  return kept(
    `share ${language}`,
    () => new Intl.NumberFormat(locales[language], { style: "percent", maximumFractionDigits: 1 }),
  ).format(share);
}

/** The time of day by the phone's zone: `20.41` in Indonesian, `20:41` in English. */
export function formatTime(ms: number, language: Language): string {
  return dated(language, "time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, ms);
}

/** The time of day with seconds: `20.41.18`. */
export function formatTimeExact(ms: number, language: Language): string {
  return dated(
    language,
    "exact",
    { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
    ms,
  );
}

/** A day: `14 Februari 2024`. */
export function formatDay(ms: number, language: Language): string {
  return dated(language, "day", { day: "numeric", month: "long", year: "numeric" }, ms);
}

/** A day that comes as `YYYY-MM-DD` and belongs to no time zone. */
export function formatDate(date: string, language: Language): string {
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms)) return date;
  return dated(language, "date", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }, ms);
}

/** The time of day of something from today, otherwise day and time: `20.41`, `13 Feb 20.41`. */
export function formatMoment(ms: number, nowMs: number, language: Language): string {
  const time = formatTime(ms, language);
  if (new Date(ms).toDateString() === new Date(nowMs).toDateString()) return time;
  return `${dated(language, "short-day", { day: "numeric", month: "short" }, ms)} ${time}`;
}

/** How long something lasts, in its largest whole unit: `3 tahun`, `26 jam`, `45 menit`. The sign does not matter. */
export function formatSpan(ms: number, language: Language): string {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000));
  const years = Math.round(minutes / (365 * 24 * 60));
  const [value, unit] =
    years >= 2
      ? ([years, "year"] as const)
      : minutes >= 3 * 24 * 60
        ? ([Math.round(minutes / (24 * 60)), "day"] as const)
        : minutes >= 90
          ? ([Math.round(minutes / 60), "hour"] as const)
          : ([minutes, "minute"] as const);
  return kept(
    `span ${unit} ${language}`,
    () => new Intl.NumberFormat(locales[language], { style: "unit", unit, unitDisplay: "long" }),
  ).format(value);
}

/** Bytes in the step that a person can compare: `412 KB`, `1,9 MB`. A thousand bytes are one KB. */
export function formatBytes(bytes: number, language: Language): string {
  if (bytes < 1000) return `${formatNumber(bytes, language)} B`;
  if (bytes < 999_500) return `${formatNumber(bytes / 1000, language)} KB`;
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
