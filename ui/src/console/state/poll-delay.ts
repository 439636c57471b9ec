// How long to wait before the next poll: a steady interval while answers come, exponential backoff with jitter otherwise.

/** Interval between two polls while the endpoint answers. */
export const POLL_INTERVAL_MS = 4_000;
/** Maximum delay after failures. */
const POLL_DELAY_MS_MAX = 60_000;

/**
 * The delay after `failures` failures in a row. `jitter` in [0, 1) spreads the consoles of one posko, so that they do
 * not all poll at once when the endpoint returns.
 */
export function pollDelayMs(failures: number, jitter: number): number {
  if (failures === 0) {
    return POLL_INTERVAL_MS;
  }
  const ceiling = Math.min(POLL_DELAY_MS_MAX, POLL_INTERVAL_MS * 2 ** failures);
  return Math.round(ceiling / 2 + (ceiling / 2) * jitter);
}
