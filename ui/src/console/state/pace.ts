// How long to wait before asking again: steadily while answers come, ever longer while they don't.

/** Between two questions while the endpoint answers. */
export const STEADY_MS = 4_000;
const LONGEST_MS = 60_000;

/**
 * The pause after `failures` failures in a row. `chance` in [0, 1) spreads the consoles of one posko, so that they
 * don't all knock at once when the endpoint is back.
 */
export function pause_ms(failures: number, chance: number): number {
  if (failures === 0) {
    return STEADY_MS;
  }
  const ceiling = Math.min(LONGEST_MS, STEADY_MS * 2 ** failures);
  return Math.round(ceiling / 2 + (ceiling / 2) * chance);
}
