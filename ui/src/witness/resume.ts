// Opening the app again: the screen on which it was left, or the draft that was typed in later than that.
import type { AppView } from "../shared/generated/witness";
import { keyOfCard } from "./rounds";
import { addressOf, home, parseRoute, type Route } from "./route";

const KEY = "saksi.place";

/** An address, and when the witness went there. */
export interface Left {
  readonly address: string;
  readonly atMs: number;
}

/** Remembers a route for the next start. A full or forbidden storage only costs this comfort. */
export function remember(storage: Storage, route: Route, nowMs: number): void {
  try {
    storage.setItem(KEY, JSON.stringify({ address: addressOf(route), atMs: nowMs } satisfies Left));
  } catch {
    // The drafts are in the device's own store; nothing is lost.
  }
}

/** What was remembered; `null` when nothing was, or when it cannot be read. */
export function recall(storage: Storage): Left | null {
  try {
    const left: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    if (typeof left !== "object" || left === null || !("address" in left) || !("atMs" in left)) {
      return null;
    }
    if (typeof left.address !== "string" || typeof left.atMs !== "number") {
      return null;
    }
    return { address: left.address, atMs: left.atMs };
  } catch {
    return null;
  }
}

/**
 * Where to open. The remembered screen, except where a draft was begun after it was remembered: a phone that dies may
 * lose the memory of the last screens, but never a figure. For the same reason entry opens where the last figure was
 * typed, and not at the remembered section.
 */
export function routeToOpen(app: AppView, left: Left | null): Route {
  const route = left === null ? home : parseRoute(left.address);
  if (route.screen === "entry") {
    return { ...route, section: null, field: null };
  }
  let newest: { atMs: number; route: Route } | null = null;
  for (const { station, tallies } of app.witness?.stations ?? []) {
    for (const card of tallies) {
      const { life, filled } = card;
      const atMs = life.since_ms;
      if (life.state !== "draft" || filled === 0 || atMs === null) {
        continue;
      }
      if (newest !== null && newest.atMs >= atMs) {
        continue;
      }
      newest = {
        atMs,
        route: { screen: "entry", tallyKey: keyOfCard(station, card), section: null, field: null },
      };
    }
  }
  return newest !== null && newest.atMs > (left?.atMs ?? 0) ? newest.route : route;
}
