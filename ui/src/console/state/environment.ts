// What a query needs of its surroundings: clock, random numbers, timers, and whether somebody looks. A test brings its own.

export interface Environment {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** A random number in [0, 1). */
  random(): number;
  /** Whether the page is visible. */
  isVisible(): boolean;
  /** Calls `action` whenever the page becomes visible or the network returns, until the returned function is called. */
  onReturn(action: () => void): () => void;
  /** Calls `action` once after a delay, unless the returned function is called before. */
  after(delayMs: number, action: () => void): () => void;
}

export const browserEnvironment: Environment = {
  nowMs: () => Date.now(),
  random: () => Math.random(),
  isVisible: () => !document.hidden,
  onReturn: (action) => {
    document.addEventListener("visibilitychange", action);
    window.addEventListener("online", action);
    return () => {
      document.removeEventListener("visibilitychange", action);
      window.removeEventListener("online", action);
    };
  },
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
