// What a coordinator is about to decide on a station: on whose tally, why, and which figures the paper has instead.
import { SvelteMap } from "svelte/reactivity";
import type { FieldCode, StationView, TallyView, VerdictDecision } from "../../shared/generated/console";
import { failureOf, type Failure } from "../api/failure";
import { ForeignHead, type Signer } from "../signing/signer.svelte";
import type { Decided } from "../signing/statement";
import { figureMark } from "./figure";
import { standingVerdict } from "./verdicts";

/** What was decided last, so that it can be taken back. */
export interface Done {
  readonly station: string;
  /** The tally or the correction, hex. */
  readonly statement: string;
  readonly decision: Exclude<VerdictDecision, "withdrawn"> | "corrected";
}

/** What the paper says in a field, as it is typed: digits, or nothing for blank boxes. */
export type Typed = string;

/** The tallies that are decided on: the newest of each witness, and those on which a verdict stands. */
export function decidable(view: Pick<StationView, "tallies">): TallyView[] {
  return view.tallies.filter((tally) => !tally.superseded || standingVerdict(tally) !== null);
}

/** The figures of a tally as on the wire, in the paper's order, with those that were typed again. */
export function correctedFigures(
  view: Pick<StationView, "sections" | "tallies">,
  statement: string,
  typed: ReadonlyMap<FieldCode, Typed>,
): (number | null)[] {
  const column = view.tallies.findIndex((tally) => tally.statement === statement);
  const rows = view.sections.flatMap((section) => section.fields);
  return rows.map(({ field, figures }) => {
    const again = typed.get(field);
    if (again !== undefined) {
      return again.trim() === "" ? -1 : Number(again);
    }
    const figure = figures[column] ?? null;
    if (figure === null) {
      return null;
    }
    return typeof figure === "object" ? figure.written : figure === "blank" ? -1 : -2;
  });
}

export class Deciding {
  /** The tally that is decided on, hex; null for the first. */
  chosen = $state<string | null>(null);
  reason = $state("");
  /** Whether figures are being corrected. */
  correcting = $state(false);
  readonly typed = new SvelteMap<FieldCode, Typed>();
  sending = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** The endpoint has another last signature of the key than this browser. */
  foreignHead = $state(false);

  readonly #signer: Signer;
  #again: () => Promise<Done | null> = () => Promise.resolve(null);

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  /** Forgets what was typed, for another station. */
  clear(): void {
    this.chosen = null;
    this.reason = "";
    this.failure = null;
    this.#stopCorrecting();
  }

  tallyOf(view: Pick<StationView, "tallies">): TallyView | null {
    const all = decidable(view);
    return all.find(({ statement }) => statement === this.chosen) ?? all[0] ?? null;
  }

  /** Turns to the next tally. */
  nextTally(view: Pick<StationView, "tallies">): void {
    const all = decidable(view);
    const at = all.findIndex(({ statement }) => statement === this.tallyOf(view)?.statement);
    this.chosen = all[(at + 1) % all.length]?.statement ?? null;
    this.#stopCorrecting();
  }

  /** Begins to correct a field, with what the tally says of it. */
  correct(view: StationView, field: FieldCode | null): void {
    this.correcting = true;
    const statement = this.tallyOf(view)?.statement;
    const column = view.tallies.findIndex((tally) => tally.statement === statement);
    const row = view.sections.flatMap(({ fields }) => fields).find((one) => one.field === field);
    if (row !== undefined && !this.typed.has(row.field)) {
      const mark = figureMark(row.figures[column] ?? null);
      this.typed.set(row.field, /^[0-9]+$/.test(mark) ? mark : "");
    }
  }

  cancelCorrection(): void {
    this.#stopCorrecting();
  }

  #stopCorrecting(): void {
    this.correcting = false;
    this.typed.clear();
  }

  /** Signs a verdict on the chosen tally. Null if it was not stored. */
  decide(view: StationView, decision: VerdictDecision): Promise<Done | null> {
    const tally = this.tallyOf(view);
    if (
      tally === null ||
      (decision !== "verified" && decision !== "withdrawn" && this.reason.trim() === "")
    ) {
      return Promise.resolve(null);
    }
    const about = tally.statement;
    const decided: Decided = { kind: "verdict", statement: about, decision, reason: this.reason.trim() };
    const done = decision === "withdrawn" ? null : { station: view.station, statement: about, decision };
    return this.#send(view.station, decided, () => done);
  }

  /** Takes back what was decided. */
  async undo({ station, statement }: Done): Promise<boolean> {
    const decided: Decided = { kind: "verdict", statement, decision: "withdrawn", reason: "" };
    await this.#send(station, decided, () => null);
    return this.failure === null && !this.foreignHead;
  }

  /** Signs the corrected figures. */
  saveCorrection(view: StationView): Promise<Done | null> {
    const tally = this.tallyOf(view);
    if (tally === null || this.reason.trim() === "" || this.typed.size === 0) {
      return Promise.resolve(null);
    }
    // A correction of a correction is one of the witness's tally.
    const corrects = tally.corrected_by === null ? tally.statement : (tally.corrects ?? tally.statement);
    const decided: Decided = {
      kind: "correction",
      contest: view.contest,
      packageVersion: view.package_version,
      form: view.form_id,
      figures: correctedFigures(view, tally.statement, this.typed),
      corrects,
      reason: this.reason.trim(),
      round: tally.round,
    };
    const done = (statement: string): Done => ({ station: view.station, statement, decision: "corrected" });
    return this.#send(view.station, decided, done);
  }

  /** Tries once more what failed. */
  again(): Promise<Done | null> {
    return this.#again();
  }

  async #send(
    station: string,
    decided: Decided,
    done: (statement: string) => Done | null,
  ): Promise<Done | null> {
    this.#again = () => this.#send(station, decided, done);
    this.sending = true;
    this.failure = null;
    this.foreignHead = false;
    try {
      const statement = await this.#signer.decide(station, decided);
      this.reason = "";
      this.#stopCorrecting();
      return done(statement);
    } catch (error) {
      this.foreignHead = error instanceof ForeignHead;
      this.failure = this.foreignHead ? null : failureOf(error);
      if (this.failure?.code === "review_key_unknown") {
        await this.#signer.forget();
      }
      return null;
    } finally {
      this.sending = false;
    }
  }
}
