// What was changed since the paper was opened, so that it can be taken back step by step.
import type { FieldCode } from "../../shared/generated/witness";
import type { Typed } from "./figure";

/** One change: a figure that was typed, or a section whose rest was crossed. */
export type Step =
  | { readonly kind: "typed"; readonly field: FieldCode; readonly before: Typed }
  /** With the field of the section's total, if that was crossed too. */
  | { readonly kind: "crossed"; readonly section: FieldCode; readonly sum: FieldCode | null };

const STEPS_MAX = 500;

/** The changes, the newest last. Keystrokes in one field are one change. */
export class History {
  readonly #steps: Step[] = [];

  /** A keystroke changed a field in which `before` stood. */
  typed(field: FieldCode, before: Typed): void {
    const last = this.last();
    if (last?.kind === "typed" && last.field === field) {
      return;
    }
    this.#push({ kind: "typed", field, before });
  }

  crossed(section: FieldCode, sum: FieldCode | null): void {
    this.#push({ kind: "crossed", section, sum });
  }

  /** The newest change; `null` when there is none. */
  last(): Step | null {
    return this.#steps[this.#steps.length - 1] ?? null;
  }

  forgetLast(): void {
    this.#steps.pop();
  }

  /** Forgets the newest crossing of a section, and answers it. */
  forgetCrossing(section: FieldCode): (Step & { kind: "crossed" }) | null {
    for (let at = this.#steps.length - 1; at >= 0; at -= 1) {
      const step = this.#steps[at];
      if (step?.kind === "crossed" && step.section === section) {
        this.#steps.splice(at, 1);
        return step;
      }
    }
    return null;
  }

  #push(step: Step): void {
    this.#steps.push(step);
    if (this.#steps.length > STEPS_MAX) {
      this.#steps.shift();
    }
  }
}
