// The console's router. The route is null when the address names no screen.
import { Router } from "../shared/router.svelte";
import { addressOf, parseRoute, type Route } from "./route";

export const router = new Router<Route | null, Route>(parseRoute, addressOf);
