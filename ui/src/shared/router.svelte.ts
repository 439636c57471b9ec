// The router of both programs: the route on the screen is the one in the address behind `#`.

/** Keeps the address and the shown route equal. `Shown` is wider than `Route` where an address may name no screen. */
export class Router<Shown, Route extends Shown = Shown> {
  readonly #parse: (hash: string) => Shown;
  readonly #addressOf: (route: Route) => string;
  readonly #onShow: (route: Shown) => void;
  #route: Shown;

  constructor(
    parse: (hash: string) => Shown,
    addressOf: (route: Route) => string,
    onShow: (route: Shown) => void = () => undefined,
  ) {
    this.#parse = parse;
    this.#addressOf = addressOf;
    this.#onShow = onShow;
    this.#route = $state.raw(parse(location.hash));
  }

  /** The route on the screen. */
  get route(): Shown {
    return this.#route;
  }

  /** Goes to a route. "Back" returns from it. */
  go(route: Route): void {
    history.pushState(null, "", this.#addressOf(route));
    this.#show(route);
  }

  /** Replaces the shown route: for filters and redirects, to which "back" must not return. */
  replace(route: Route): void {
    history.replaceState(history.state, "", this.#addressOf(route));
    this.#show(route);
  }

  /** Follows links, "back" and "forward" until the returned function is called. */
  follow(): () => void {
    const follow = (): void => this.#show(this.#parse(location.hash));
    window.addEventListener("popstate", follow);
    window.addEventListener("hashchange", follow);
    return () => {
      window.removeEventListener("popstate", follow);
      window.removeEventListener("hashchange", follow);
    };
  }

  #show(route: Shown): void {
    this.#route = route;
    this.#onShow(route);
  }
}
