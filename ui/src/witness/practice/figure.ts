// A figure as it stands on paper, in words for the two that are no numbers.
import type { Figure } from "../../shared/generated/witness";
import { t } from "../text/t";

export function figureText(figure: Figure | null): string {
  if (figure === null) {
    return t("practice.figure.none");
  }
  if (figure === "blank") {
    return t("practice.figure.blank");
  }
  return figure === "illegible" ? t("practice.figure.illegible") : String(figure.written);
}
