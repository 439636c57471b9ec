// The region that a list is about: for its heading, its breadcrumbs, and the choice of another region.
import type { RegionCode, RegionName, RegionView, SessionView } from "../../shared/generated/console";
import type { Client } from "../api/client";
import { askedOf } from "./contest";
import { LiveQuery } from "./live-query.svelte";

export class RegionOfList {
  readonly #live = new LiveQuery<RegionView>();

  /** Reads the region once. Its names do not change, and the answer has all sums of the region: polling costs. */
  watch(client: Client, view: SessionView, code: RegionCode | null): () => void {
    const asked = askedOf(view.kinds, { kind: null, contest: null });
    let known: RegionView | null = null;
    return this.#live.watch(
      `${code}`,
      async (signal) => (known ??= await client.region(code, asked, signal)),
    );
  }

  get value(): RegionView | null {
    return this.#live.value;
  }

  /** The regions above it, from the top down. */
  get above(): readonly RegionName[] {
    return this.value?.path.slice(0, -1) ?? [];
  }

  /** Its name and code; undefined for the whole election, and before it is read. */
  get here(): RegionName | undefined {
    return this.value?.path.at(-1);
  }
}
