// Working through the review queue: which station the user has, what they decided last, and what they looked at before.
import type { ContestId, QueueView, RegionCode, StationId } from "../../shared/generated/console";
import { failureOf, type Failure } from "../api/failure";
import type { ReviewApi } from "../api/review";
import type { LiveQuery } from "../state/live-query.svelte";
import type { Done } from "../station/deciding.svelte";

/** Interval at which an open station is taken again, so that its lease does not end. */
export const RENEW_MS = 60_000;

export class Working {
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** What was decided last, until the next decision. */
  done = $state.raw<Done | null>(null);
  /** Whether somebody else took the station that was left for too long. */
  lost = $state(false);

  readonly #api: ReviewApi;
  readonly #live: LiveQuery<QueueView>;
  /** The station before the present one. */
  #before: StationId | null = null;
  #again: () => Promise<void> = () => Promise.resolve();

  constructor(api: ReviewApi, live: LiveQuery<QueueView>) {
    this.#api = api;
    this.#live = live;
  }

  get held(): StationId | null {
    return this.#live.value?.held ?? null;
  }

  /** The next station, or a certain one. `skip` puts the present one off. */
  async take(
    contest: ContestId,
    region: RegionCode | null,
    which: { station?: StationId | null; skip?: StationId | null } = {},
  ): Promise<void> {
    this.#again = () => this.take(contest, region, which);
    const before = this.held;
    this.busy = true;
    this.failure = null;
    this.lost = false;
    try {
      const given = { station: which.station ?? null, skip: which.skip ?? null };
      this.#live.value = await this.#api.take({ contest, region, ...given });
      if (before !== null && before !== this.held) {
        this.#before = before;
      }
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.busy = false;
    }
  }

  /** The station that the user had before. */
  back(contest: ContestId, region: RegionCode | null): Promise<void> {
    return this.#before === null ? Promise.resolve() : this.take(contest, region, { station: this.#before });
  }

  /** Keeps the present station. A reviewer who was away for long may have lost it. */
  async renew(contest: ContestId, region: RegionCode | null): Promise<void> {
    const station = this.held;
    if (station === null || this.busy) {
      return;
    }
    try {
      const queue = await this.#api.take({ contest, region, station, skip: null });
      this.lost = queue.held === null;
      this.#live.value = queue;
    } catch {
      // The next time will show whether it is still the user's.
    }
  }

  again(): Promise<void> {
    return this.#again();
  }
}
