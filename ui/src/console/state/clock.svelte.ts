// The browser's clock, for "3 dtk lalu". Whoever reads it in a component is redrawn each second.

let now = $state(Date.now());

/** Milliseconds since 1970 by the browser's clock, renewed each second while `startClock` runs. */
export function now_ms(): number {
  return now;
}

/** Starts the ticking; the answer stops it. */
export function startClock(): () => void {
  const tick = (): void => {
    now = Date.now();
  };
  const timer = setInterval(tick, 1_000);
  document.addEventListener("visibilitychange", tick);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}
