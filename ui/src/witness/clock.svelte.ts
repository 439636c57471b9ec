// The time now, for countdowns. It ticks only while a screen looks at it.
import { createSubscriber } from "svelte/reactivity";

const TICK_MS = 1000;

const look = createSubscriber((tick) => {
  const ticking = setInterval(tick, TICK_MS);
  return () => clearInterval(ticking);
});

/** Milliseconds since 1970; whoever reads it in a component is redrawn every second. */
export function now(): number {
  look();
  return Date.now();
}
