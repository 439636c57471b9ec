// Durations of an exercise, as a trainer says them.
import { t } from "../text/t";

const MINUTE_S = 60;

/** `6 mnt 12 dtk`; under a minute only the seconds. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / MINUTE_S);
  const rest = seconds % MINUTE_S;
  return minutes === 0
    ? t("practice.seconds", { s: rest })
    : t("practice.minutes_seconds", { m: minutes, s: rest });
}
