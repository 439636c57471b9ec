// A figure in one word, for attributes and lists.
import type { Figure } from "../../shared/generated/console";

/** The digits, `blank`, `illegible`, or `none` where nothing was typed. */
export function figureMark(figure: Figure | null): string {
  if (figure === null) {
    return "none";
  }
  return typeof figure === "object" ? String(figure.written) : figure;
}
