// The route that is shown, kept in the address so that a reload stays and "back" goes back.
import { addressOf, routeOf, type Route } from "./route";
import { remember } from "./resume";

let shown = $state.raw<Route>(routeOf(location.hash));

/** The route that is shown. */
export function route(): Route {
  return shown;
}

function show(next: Route): void {
  shown = next;
  remember(localStorage, next, Date.now());
}

/** Goes to a route. */
export function goTo(next: Route): void {
  history.pushState(null, "", addressOf(next));
  show(next);
}

/** Goes to a route in the place of the one shown, so that "back" does not return to it. */
export function replaceWith(next: Route): void {
  history.replaceState(null, "", addressOf(next));
  show(next);
}

/** Follows the address: links, "back" and "forward". Returns how to stop. */
export function followAddress(): () => void {
  const follow = (): void => show(routeOf(location.hash));
  window.addEventListener("popstate", follow);
  window.addEventListener("hashchange", follow);
  return () => {
    window.removeEventListener("popstate", follow);
    window.removeEventListener("hashchange", follow);
  };
}
