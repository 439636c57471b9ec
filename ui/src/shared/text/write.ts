// Numbers, sizes and times as the screens write them, in the chosen language.
import { nowMs } from "../clock.svelte";
import {
  formatBytes,
  formatDate,
  formatDay,
  formatMoment,
  formatNumber,
  formatShare,
  formatSpan,
  formatTime,
  formatTimeBare,
  formatTimeExact,
} from "../format";
import { zoneOf } from "../zone";
import { language } from "./language.svelte";

/**
 * The code of the region or station where something happened. Its times are shown in the zone of that place; where
 * it is null, in the reader's.
 */
export type Where = string | null;

export const number = (value: number): string => formatNumber(value, language());
export const percent = (share: number): string => formatShare(share, language());
export const bytes = (count: number): string => formatBytes(count, language());
export const span = (ms: number): string => formatSpan(ms, language());
/** A day that comes as `YYYY-MM-DD`. */
export const date = (day: string): string => formatDate(day, language());

export const day = (ms: number, where: Where): string => formatDay(ms, language(), zoneOf(where));
/** The time of day with its zone. */
export const time = (ms: number, where: Where): string => formatTime(ms, language(), zoneOf(where));
/** The time of day where its zone stands beside it. */
export const bareTime = (ms: number, where: Where): string => formatTimeBare(ms, language(), zoneOf(where));
/** The time of day with seconds and its zone. */
export const exactTime = (ms: number | null, where: Where): string =>
  formatTimeExact(ms, language(), zoneOf(where));
/** The time of day with its zone, and the day when it is not today. */
export const moment = (ms: number | null, where: Where): string =>
  formatMoment(ms, nowMs(), language(), zoneOf(where));
