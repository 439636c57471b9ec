// How long until something, in the one unit that a person would say.

/** A number of one unit; `now` when it is due. */
export type Countdown =
  { readonly unit: "now" } | { readonly unit: "seconds" | "minutes" | "hours"; readonly n: number };

/** Rounds up, so that nothing is promised too early. */
export function countdown(leftMs: number): Countdown {
  const seconds = Math.ceil(leftMs / 1000);
  if (seconds <= 1) {
    return { unit: "now" };
  }
  if (seconds < 60) {
    return { unit: "seconds", n: seconds };
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? { unit: "minutes", n: minutes } : { unit: "hours", n: Math.ceil(minutes / 60) };
}
