// The clock of the screens. It ticks only while a component reads it.
import { createSubscriber } from "svelte/reactivity";

/** Interval at which times on the screen are drawn again. */
const TICK_INTERVAL_MS = 1_000;

const subscribe = createSubscriber((tick) => {
  const timer = setInterval(tick, TICK_INTERVAL_MS);
  // A browser slows the timers of a hidden page down.
  document.addEventListener("visibilitychange", tick);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
});

/** Milliseconds since 1970. A component that reads it is drawn again each second. */
export function nowMs(): number {
  subscribe();
  return Date.now();
}
