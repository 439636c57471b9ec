// A query of the endpoint that a screen keeps up to date by polling: the last answer, its age, and since when none comes.
import { failureOf, type Failure } from "../api/failure";
import { browserEnvironment, type Environment } from "./environment";
import { pollDelayMs } from "./poll-delay";

export class LiveQuery<T> {
  /** The last answer; null until the first one of the present key. */
  value = $state.raw<T | null>(null);
  /** Why the last poll got no answer; null when it got one. */
  failure = $state.raw<Failure | null>(null);
  /** When the last answer came. */
  answeredAtMs = $state<number | null>(null);
  /** When the first of the polls without an answer failed; null while answers come. */
  lostAtMs = $state<number | null>(null);
  /** Whether `value` answers the present query, and not an earlier one of the same key. */
  settled = $state(false);

  readonly #environment: Environment;
  #key: string | null = null;
  #poll: () => void = () => undefined;

  constructor(environment: Environment = browserEnvironment) {
    this.#environment = environment;
  }

  /**
   * Polls `load` until the returned function is called. An answer of another `key` is dropped at once; one of the same
   * key stays on the screen until a newer one is here. So a list whose filter changes keeps its key, and a screen that
   * turns to another thing changes it.
   */
  watch(key: string, load: (signal: AbortSignal) => Promise<T>): () => void {
    this.#startOver(key);
    const environment = this.#environment;
    const stopping = new AbortController();
    let failures = 0;
    let polling = false;
    let pollAgain = false;
    let cancelTimer = (): void => undefined;

    const poll = async (): Promise<void> => {
      if (stopping.signal.aborted) {
        return;
      }
      if (polling) {
        pollAgain = true;
        return;
      }
      cancelTimer();
      polling = true;
      const answered = await this.#load(load, stopping.signal);
      polling = false;
      if (answered === null) {
        return;
      }
      failures = answered ? 0 : failures + 1;
      if (pollAgain) {
        pollAgain = false;
        void poll();
      } else if (environment.isVisible()) {
        cancelTimer = environment.after(pollDelayMs(failures, environment.random()), () => void poll());
      }
      // A hidden page does not poll. It does as soon as it is visible again.
    };

    const forget = environment.onReturn(() => {
      if (environment.isVisible()) {
        void poll();
      }
    });
    this.#poll = () => void poll();
    void poll();
    return () => {
      stopping.abort();
      cancelTimer();
      forget();
    };
  }

  /** Polls at once instead of after the delay. */
  refresh(): void {
    this.#poll();
  }

  #startOver(key: string): void {
    if (this.#key !== key) {
      this.#key = key;
      this.value = null;
      this.failure = null;
      this.answeredAtMs = null;
      this.lostAtMs = null;
    }
    this.settled = false;
  }

  /** One poll. Returns whether it was answered; null when nobody waits for it any more. */
  async #load(load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<boolean | null> {
    try {
      const value = await load(signal);
      if (signal.aborted) {
        return null;
      }
      this.value = value;
      this.settled = true;
      this.failure = null;
      this.answeredAtMs = this.#environment.nowMs();
      this.lostAtMs = null;
      return true;
    } catch (thrown) {
      if (signal.aborted) {
        return null;
      }
      this.failure = failureOf(thrown);
      this.lostAtMs ??= this.#environment.nowMs();
      return false;
    }
  }
}
