// One open tally: the newest view of it, and the figures that are on their way to disk.
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import {
  crossOutRest,
  failureOf,
  openTally,
  setFigure,
  undoCrossOut,
  type Failure,
  type TallyKey,
} from "./commands";
import type { CellView, FieldCode, TallyView } from "../shared/generated/witness";
import type { Typed } from "./entry/figure";
import { History } from "./entry/history";
import { SaveQueue } from "./entry/save-queue";

export class OpenTally {
  readonly tallyKey: TallyKey;
  readonly #queue: SaveQueue<TallyView>;
  readonly #unsaved = new SvelteMap<FieldCode, Typed>();
  readonly #history = new History();
  readonly #opened = new SvelteSet<FieldCode>();
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
  type(cell: CellView, figure: Typed): void {
    this.#history.typed(cell.field, this.figure(cell));
    this.#queue.type(cell.field, figure);
  }

  /** Crosses what is untyped in a section, and its total too if a cell is named, as one step that can be undone. */
  async crossRest(section: FieldCode, sum: CellView | null): Promise<void> {
    this.#history.crossed(section, sum?.field ?? null);
    if (sum !== null) {
      this.#queue.type(sum.field, "blank");
    }
    await this.#change(() => crossOutRest(this.tallyKey, section));
  }

  /** Takes back the crosses of a section that were made together. */
  async undoCrossRest(section: FieldCode): Promise<void> {
    const step = this.#history.forgetCrossing(section);
    if (step !== null && step.sum !== null) {
      this.#queue.type(step.sum, null);
    }
    await this.#change(() => undoCrossOut(this.tallyKey, section));
  }

  /** Takes back the last change that was made on this screen; answers the field that it concerns. */
  undo(): FieldCode | null {
    const step = this.#history.last();
    if (step === null) {
      return null;
    }
    if (step.kind === "crossed") {
      void this.undoCrossRest(step.section);
      const crossed = this.#view?.sections.find((section) => section.code === step.section);
      return crossed?.rows[0]?.cells[0]?.field ?? null;
    }
    this.#history.forgetLast();
    this.#queue.type(step.field, step.before);
    return step.field;
  }

  /** Whether rows of a section for which nobody asks are open for typing. */
  isOpened(section: FieldCode): boolean {
    return this.#opened.has(section);
  }

  /** Opens the rows of a section for which nobody asks. */
  openAll(section: FieldCode): void {
    this.#opened.add(section);
  }

  /** A change of several figures; its failure is shown like that of a figure. */
  async #change(command: () => Promise<TallyView>): Promise<void> {
    try {
      await this.after(command);
    } catch (error) {
      this.#saveFailure = failureOf(error);
    }
  }

  /** Writes again what could not be written; when that were crosses, shows what the disk has instead. */
  saveAgain(): void {
    if (this.allSaved) {
      void this.read();
    } else {
      this.#queue.retry();
    }
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
  const key = `${tallyKey.station} ${tallyKey.contest} ${tallyKey.round}`;
  let tally = opened.get(key);
  if (tally === undefined) {
    tally = new OpenTally(tallyKey);
    opened.set(key, tally);
  }
  return tally;
}

/** Waits until everything that was typed is on disk. Fails with the reason if something is not. */
export async function saveOpenTallies(): Promise<void> {
  await Promise.all([...opened.values()].map((tally) => tally.read()));
  for (const tally of opened.values()) {
    if (!tally.allSaved) {
      throw tally.saveFailure ?? { code: "storage", detail: "a figure is not on disk yet" };
    }
  }
}

/** Forgets every open tally: another election is shown, whose tallies may have the same stations. */
export function forgetOpenTallies(): void {
  opened.clear();
}

/** Reads again every tally that is open. */
export function readOpenTallies(): void {
  for (const tally of opened.values()) {
    void tally.read();
  }
}
