// Where the user is: the route in the browser's address.
import { addressOf, parseRoute, type Route } from "../route";

let hash = $state(location.hash);
const route = $derived(parseRoute(hash));

/** The route of now; null when the address names none. */
export function place(): Route | null {
  return route;
}

/** Goes to a route and leaves the present one in the history. */
export function go(to: Route): void {
  location.hash = addressOf(to);
}

/** Puts a route in the place of the present one: for filters, which are no step of their own. */
export function amend(to: Route): void {
  history.replaceState(history.state, "", addressOf(to));
  hash = location.hash;
}

/** Follows the browser's address; the answer stops it. */
export function followAddress(): () => void {
  const follow = (): void => {
    hash = location.hash;
  };
  window.addEventListener("hashchange", follow);
  return () => window.removeEventListener("hashchange", follow);
}
