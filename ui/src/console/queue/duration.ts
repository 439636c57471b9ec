// How long something waits, in words.
import { t } from "../text/t";

const MINUTE_MS = 60_000;

/** Hours and minutes since a time; no time passed where a clock went back. */
export function waited(sinceMs: number, nowMs: number): string {
  const minutes = Math.max(0, Math.floor((nowMs - sinceMs) / MINUTE_MS));
  return minutes < 60
    ? t("queue.minutes", { count: minutes })
    : t("queue.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
