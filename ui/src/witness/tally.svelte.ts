// One open tally: the newest view of it, and the figures that are on their way to disk.
import { SvelteMap } from "svelte/reactivity";
import type { CellView, FieldCode, TallyView } from "../shared/generated/witness";
import { failureOf, openTally, setFigure, type Failure, type TallyKey } from "./commands";
import type { Typed } from "./entry/figure";
import { SaveQueue } from "./entry/save-queue";

export class OpenTally {
  readonly tallyKey: TallyKey;
  readonly #queue: SaveQueue<TallyView>;
  readonly #unsaved = new SvelteMap<FieldCode, Typed>();
  #view = $state.raw<TallyView | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #saveFailure = $state.raw<Failure | null>(null);

  constructor(tallyKey: TallyKey) {
    this.tallyKey = tallyKey;
    this.#queue = new SaveQueue((field, figure) => setFigure(tallyKey, field, figure), {
      answered: (view) => {
        this.#view = view;
        this.#saveFailure = null;
      },
      changed: () => {
        const unsaved = this.#queue.unsaved();
        for (const field of this.#unsaved.keys()) {
          if (!unsaved.has(field)) {
            this.#unsaved.delete(field);
          }
        }
        for (const [field, figure] of unsaved) {
          this.#unsaved.set(field, figure);
        }
      },
      failed: (error) => {
        this.#saveFailure = failureOf(error);
      },
    });
  }

  /** The newest view; `null` until the first was read. */
  get view(): TallyView | null {
    return this.#view;
  }

  /** Why it could not be read. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Why the last figure could not be written; the figure is kept and can be written again. */
  get saveFailure(): Failure | null {
    return this.#saveFailure;
  }

  /** Whether everything typed has been confirmed by the disk. */
  get allSaved(): boolean {
    return this.#unsaved.size === 0;
  }

  /** What stands in a field for the witness: the newest keystroke, confirmed or not. */
  figure(cell: CellView): Typed {
    return this.#unsaved.has(cell.field) ? (this.#unsaved.get(cell.field) ?? null) : cell.figure;
  }

  /** Whether the words under a field belong to what stands in it. */
  confirmed(field: FieldCode): boolean {
    return !this.#unsaved.has(field);
  }

  /** Takes a keystroke's result in, and sends it to the disk. */
  type(field: FieldCode, figure: Typed): void {
    this.#queue.type(field, figure);
  }

  /** Writes again what could not be written. */
  saveAgain(): void {
    this.#queue.retry();
  }

  /** Runs a command after all figures typed so far are on disk, and shows its answer. */
  after(command: () => Promise<TallyView>): Promise<TallyView> {
    return this.#queue.after(command);
  }

  /** Reads the view again, after all figures typed so far. */
  async read(): Promise<void> {
    try {
      await this.after(() => openTally(this.tallyKey));
      this.#failure = null;
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }
}

// Not drawn by any screen, so a plain map is right.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const opened = new Map<string, OpenTally>();

/** The tally of a place. It stays open while the app runs, so that nothing on its way to disk is dropped. */
export function tallyAt(tallyKey: TallyKey): OpenTally {
  const key = `${tallyKey.station} ${tallyKey.contest}`;
  let tally = opened.get(key);
  if (tally === undefined) {
    tally = new OpenTally(tallyKey);
    opened.set(key, tally);
  }
  return tally;
}

/** Reads again every tally that is open. */
export function readOpenTallies(): void {
  for (const tally of opened.values()) {
    void tally.read();
  }
}
