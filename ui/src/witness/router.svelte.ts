// The witness app's router. It remembers the route for the next start.
import { Router } from "../shared/router.svelte";
import { remember } from "./resume";
import { addressOf, parseRoute, type Route } from "./route";

export const router = new Router<Route>(parseRoute, addressOf, (route) =>
  remember(localStorage, route, Date.now()),
);
