// What the console needs of its surroundings: the clock, chance, and whether somebody looks. A test brings its own.

export interface World {
  /** Milliseconds since 1970. */
  now_ms(): number;
  /** A number in [0, 1). */
  chance(): number;
  /** Whether the page is in sight. */
  seen(): boolean;
  /** Calls `action` whenever the page comes into sight or the network back; the answer stops it. */
  onBack(action: () => void): () => void;
  /** Calls `action` once after a while; the answer calls it off. */
  after(delay_ms: number, action: () => void): () => void;
}

export const browser: World = {
  now_ms: () => Date.now(),
  chance: () => Math.random(),
  seen: () => !document.hidden,
  onBack: (action) => {
    document.addEventListener("visibilitychange", action);
    window.addEventListener("online", action);
    return () => {
      document.removeEventListener("visibilitychange", action);
      window.removeEventListener("online", action);
    };
  },
  after: (delay_ms, action) => {
    const timer = setTimeout(action, delay_ms);
    return () => clearTimeout(timer);
  },
};
