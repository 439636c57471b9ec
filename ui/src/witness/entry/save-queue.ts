// Figures on their way to disk: one at a time, the newest of each field wins, none is forgotten.
import type { FieldCode } from "../../shared/generated/witness";
import type { Typed } from "./figure";

/** What a queue reports to its owner. */
export interface Listener<View> {
  /** An answer came that is newer than all before it. */
  answered(view: View): void;
  /** What is typed and not yet confirmed has changed. */
  changed(): void;
  /** A save failed. The figure stays in the queue until `retry` or the next keystroke. */
  failed(error: unknown): void;
}

interface Job<View> {
  run(): Promise<View>;
  done(view: View): void;
  refused(error: unknown): void;
}

/**
 * Writes figures in the order in which their fields were last touched. While one is under way, further keystrokes in
 * the same field replace each other: the disk lags behind the finger by one write at most, and an older answer can
 * never cover a newer keystroke.
 */
export class SaveQueue<View> {
  readonly #save: (field: FieldCode, figure: Typed) => Promise<View>;
  readonly #listener: Listener<View>;
  readonly #waiting = new Map<FieldCode, Typed>();
  readonly #jobs: Job<View>[] = [];
  #underWay: { readonly field: FieldCode; readonly figure: Typed } | null = null;
  #running = false;

  constructor(save: (field: FieldCode, figure: Typed) => Promise<View>, listener: Listener<View>) {
    this.#save = save;
    this.#listener = listener;
  }

  /** Takes a keystroke's result in. */
  type(field: FieldCode, figure: Typed): void {
    this.#waiting.delete(field);
    this.#waiting.set(field, figure);
    this.#listener.changed();
    void this.#run();
  }

  /** What is typed and not yet confirmed by an answer. */
  unsaved(): ReadonlyMap<FieldCode, Typed> {
    const unsaved = new Map<FieldCode, Typed>();
    if (this.#underWay !== null) {
      unsaved.set(this.#underWay.field, this.#underWay.figure);
    }
    for (const [field, figure] of this.#waiting) {
      unsaved.set(field, figure);
    }
    return unsaved;
  }

  /** Runs `job` after every figure typed so far, so that its answer is newer than theirs. */
  after(job: () => Promise<View>): Promise<View> {
    return new Promise((done, refused) => {
      this.#jobs.push({ run: job, done, refused });
      void this.#run();
    });
  }

  /** Tries what failed once more. */
  retry(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) {
      return;
    }
    this.#running = true;
    try {
      while (await this.#step()) {}
    } finally {
      this.#running = false;
    }
  }

  /** One write or one job; whether there may be more to do. */
  async #step(): Promise<boolean> {
    const next = this.#waiting.entries().next();
    if (!next.done) {
      return this.#write(...next.value);
    }
    const job = this.#jobs.shift();
    if (job === undefined) {
      return false;
    }
    try {
      const view = await job.run();
      this.#listener.answered(view);
      job.done(view);
    } catch (error) {
      job.refused(error);
    }
    return true;
  }

  async #write(field: FieldCode, figure: Typed): Promise<boolean> {
    this.#waiting.delete(field);
    this.#underWay = { field, figure };
    try {
      const view = await this.#save(field, figure);
      this.#underWay = null;
      this.#listener.answered(view);
      this.#listener.changed();
      return true;
    } catch (error) {
      this.#underWay = null;
      if (!this.#waiting.has(field)) {
        this.#waiting.set(field, figure);
      }
      for (const job of this.#jobs.splice(0)) {
        job.refused(error);
      }
      this.#listener.changed();
      this.#listener.failed(error);
      return false;
    }
  }
}
