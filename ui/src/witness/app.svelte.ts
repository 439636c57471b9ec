// What the whole app knows: who witnesses where, and what waits to be sent.
import { setLanguage } from "../shared/text/language.svelte";
import type { AppView, JoinOutcome } from "../shared/generated/witness";
import { failureOf, readApp, type Failure } from "./commands";
import { forgetOpenTallies } from "./tally.svelte";

class WitnessApp {
  #view = $state.raw<AppView | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #outcome = $state.raw<JoinOutcome | null>(null);

  /** The newest view; `null` until the first was read. */
  get view(): AppView | null {
    return this.#view;
  }

  /** Why the view could not be read; `null` when it could. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Whether this is practice. */
  get drill(): boolean {
    return this.#view?.witness?.drill ?? false;
  }

  /** Whether the witness practises alone: the paper is on the screen, and the endpoint in the phone. */
  get alone(): boolean {
    const drill = this.#view?.drill ?? null;
    return drill !== null && drill.class === null;
  }

  /** Shows a view that a command answered with. */
  show(view: AppView): void {
    this.#view = view;
    this.#failure = null;
    setLanguage(view.language);
  }

  /** What came of the last invitation or hall's link; `null` once it was read. */
  get outcome(): JoinOutcome | null {
    return this.#outcome;
  }

  /** Shows what came of an invitation, and the election that it brought. */
  async joined(outcome: JoinOutcome): Promise<void> {
    forgetOpenTallies();
    // That a new phone has joined is what its first screen shows.
    this.#outcome = outcome === "joined" ? null : outcome;
    await this.read();
  }

  /** The witness has read what came of it. */
  outcomeRead(): void {
    this.#outcome = null;
  }

  /** Reads the view again. What is on the screen stays there when that fails. */
  async read(): Promise<void> {
    try {
      this.show(await readApp());
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }
}

export const app = new WitnessApp();
