// Something of the endpoint that a screen keeps up to date: the last answer, how old it is, and since when none comes.
import { failureOf, type Failure } from "../api/failure";
import { pause_ms } from "./pace";
import { browser, type World } from "./world";

export class Live<T> {
  /** The last answer; null until the first one of what is watched now. */
  value = $state.raw<T | null>(null);
  /** Why the last question got no answer; null when it got one. */
  failure = $state.raw<Failure | null>(null);
  /** When the last answer came. */
  answered_ms = $state<number | null>(null);
  /** When the first of the questions without an answer failed; null while answers come. */
  lost_ms = $state<number | null>(null);
  /** Whether `value` answers what is watched now, and not yet what was watched before under the same key. */
  settled = $state(false);

  private key: string | null = null;
  private ask: () => void = () => undefined;

  constructor(private readonly world: World = browser) {}

  /**
   * Asks `load` now and again and again until the function that this returns is called. An answer of another `key` is
   * forgotten; one of the same key stays on the screen until a newer one is here. So a list whose filter changes keeps
   * its key, and a screen that turns to another thing changes it.
   */
  watch(key: string, load: (signal: AbortSignal) => Promise<T>): () => void {
    const { world } = this;
    if (this.key !== key) {
      this.key = key;
      this.value = null;
      this.failure = null;
      this.answered_ms = null;
      this.lost_ms = null;
    }
    this.settled = false;
    const stopping = new AbortController();
    let failures = 0;
    let asking = false;
    let askedMeanwhile = false;
    let callOff = (): void => undefined;

    const ask = async (): Promise<void> => {
      if (stopping.signal.aborted) {
        return;
      }
      if (asking) {
        askedMeanwhile = true;
        return;
      }
      callOff();
      asking = true;
      try {
        const value = await load(stopping.signal);
        if (stopping.signal.aborted) {
          return;
        }
        failures = 0;
        this.value = value;
        this.settled = true;
        this.failure = null;
        this.answered_ms = world.now_ms();
        this.lost_ms = null;
      } catch (thrown) {
        if (stopping.signal.aborted) {
          return;
        }
        failures += 1;
        this.failure = failureOf(thrown);
        this.lost_ms ??= world.now_ms();
      } finally {
        asking = false;
      }
      if (askedMeanwhile) {
        askedMeanwhile = false;
        void ask();
      } else if (world.seen()) {
        callOff = world.after(pause_ms(failures, world.chance()), () => void ask());
      }
      // A screen that nobody looks at does not ask; it does as soon as somebody looks again.
    };

    const forget = world.onBack(() => {
      if (world.seen()) {
        void ask();
      }
    });
    this.ask = () => void ask();
    void ask();
    return () => {
      stopping.abort();
      callOff();
      forget();
    };
  }

  /** Asks at once instead of when the pause is over. */
  again(): void {
    this.ask();
  }
}
