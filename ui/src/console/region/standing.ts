// How each standing is drawn. Its word is in the dictionary, its ground in the style sheet.
import type { Standing } from "../../shared/generated/console";
import type { IconName } from "../../shared/icons";

export const standingIcons: Readonly<Record<Standing, IconName>> = {
  verified: "verified",
  corroborated: "two-checks",
  provisional: "half",
  conflicting: "conflict",
  missing: "missing",
};
