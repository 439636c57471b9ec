// What a coordinator looks at on a station's page. It stays from station to station: who reads page 2 of one reads
// page 2 of the next, unless the next one has a problem elsewhere.
import { tick } from "svelte";
import type { FieldCode, StationView } from "../../shared/generated/console";
import type { Found } from "./findings";
import { firstProblem, spotOf, spotOfFinding, type Spot } from "./first-problem";

export class Selection {
  page = $state(1);
  /** The letter of the witness whose photo is preferred; null for any. */
  witness = $state<string | null>(null);
  field = $state<FieldCode | null>(null);
  /** Whether superseded tallies are shown. */
  superseded = $state(false);
  /** The round that is shown, or all of them side by side; undefined for the one that counts. */
  round = $state<number | "all" | undefined>(undefined);

  #openedFor: string | null = null;

  /** Selects the first problem of a station, once for each station and contest. */
  open(view: StationView, findings: readonly Found[]): void {
    const key = `${view.station} ${view.contest}`;
    if (this.#openedFor === key) {
      return;
    }
    this.#openedFor = key;
    this.field = null;
    this.round = undefined;
    void this.#show(firstProblem(view, findings));
  }

  /** The number of the round that is shown; null for all of them. */
  roundOf(view: Pick<StationView, "round"> | null): number | null {
    return this.round === "all" ? null : (this.round ?? view?.round ?? null);
  }

  choose(field: FieldCode, page: number): void {
    this.field = field;
    this.page = page;
  }

  lookAt(view: StationView, found: Found): void {
    void this.#show(spotOfFinding(view, found));
  }

  lookAtField(view: StationView, field: FieldCode): void {
    void this.#show(spotOf(view, (row) => row.field === field));
  }

  /** Goes to the next or the previous field of the paper. */
  stepField(view: StationView, step: -1 | 1): void {
    const fields = view.sections.flatMap((section) => section.fields);
    const at = fields.findIndex(({ field }) => field === this.field);
    const next = fields[at === -1 ? (step === 1 ? 0 : fields.length - 1) : at + step];
    if (next !== undefined) {
      this.lookAtField(view, next.field);
    }
  }

  async #show(spot: Spot | null): Promise<void> {
    if (spot === null) {
      return;
    }
    this.choose(spot.field, spot.page);
    this.witness = spot.witness ?? this.witness;
    await tick();
    document
      .querySelector(`tr[data-field="${CSS.escape(spot.field)}"]`)
      ?.scrollIntoView({ block: "nearest" });
  }
}
