// What a key does to a figure: digits, erase, "empty boxes", "cannot be read". Pure, so that it can be tested.
import type { Figure } from "../../shared/generated/witness";

/** A figure, or nothing typed yet. */
export type Typed = Figure | null;

/** What a key can mean inside a field. */
export type FigureKey =
  | { readonly kind: "digit"; readonly digit: number }
  | { readonly kind: "erase" }
  | { readonly kind: "blank" }
  | { readonly kind: "illegible" };

/** The digits that stand in the boxes; empty for anything but a number. */
export function digitsOf(figure: Typed): string {
  return figure !== null && typeof figure === "object" ? String(figure.written) : "";
}

/** Whether two figures say the same. */
export function sameFigure(one: Typed, other: Typed): boolean {
  if (one === null || other === null || typeof one === "string" || typeof other === "string") {
    return one === other;
  }
  return one.written === other.written;
}

/**
 * The figure after a key. `fresh` means that the witness has just come to the field: the first digit then starts
 * a new figure instead of extending the old one. A digit for which the paper has no box changes nothing.
 */
export function pressed(figure: Typed, key: FigureKey, boxes: number, fresh: boolean): Typed {
  switch (key.kind) {
    case "blank":
      return figure === "blank" ? null : "blank";
    case "illegible":
      return figure === "illegible" ? null : "illegible";
    case "erase": {
      const rest = digitsOf(figure).slice(0, -1);
      return rest === "" ? null : { written: Number(rest) };
    }
    case "digit": {
      const before = fresh ? "" : digitsOf(figure);
      const after = Number(before + String(key.digit));
      return String(after).length > boxes ? figure : { written: after };
    }
  }
}

/** What a physical key means inside a field: digits, `x` or `-` for crossed empty boxes, `?` for illegible. */
export function keyOf(character: string): FigureKey | null {
  if (/^[0-9]$/.test(character)) {
    return { kind: "digit", digit: Number(character) };
  }
  if (character === "x" || character === "X" || character === "-") {
    return { kind: "blank" };
  }
  if (character === "?") {
    return { kind: "illegible" };
  }
  return null;
}

/** The boxes from left to right: a digit, `null` for a crossed leading box, `""` for one not written yet. */
export function boxesOf(figure: Typed, boxes: number): (string | null)[] {
  if (figure === null) {
    return Array<string>(boxes).fill("");
  }
  if (figure === "blank") {
    return Array<null>(boxes).fill(null);
  }
  if (figure === "illegible") {
    return Array<string>(boxes).fill("?");
  }
  const digits = [...digitsOf(figure)];
  return [...Array<null>(Math.max(0, boxes - digits.length)).fill(null), ...digits];
}
