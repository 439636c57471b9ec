// The lists of a paper: one section each, and how each of them stands.
import type { IconName } from "../../shared/icons";
import type {
  CellView,
  FieldCode,
  Figure,
  RowView,
  SectionView,
  TallyView,
} from "../../shared/generated/witness";

/** The section of a party's list. */
export type PartySection = SectionView & { party: number };

/** How a list stands, as the map shows it. */
export type PartyLook = "agrees" | "typed" | "crossed" | "disagrees" | "open" | "empty";

/** Number of candidates from which a section is laid out in narrow lines. */
const MANY_CANDIDATES = 6;

/** Colour class and icon of each look. The word stands beside them. */
export const partyLooks: Readonly<Record<PartyLook, { readonly tone: string; readonly icon: IconName }>> = {
  agrees: { tone: "is-receipted", icon: "check" },
  typed: { tone: "is-receipted", icon: "check" },
  crossed: { tone: "is-draft", icon: "x" },
  disagrees: { tone: "is-fault", icon: "unequal" },
  open: { tone: "is-sending", icon: "pencil" },
  empty: { tone: "is-missing", icon: "missing" },
};

export function isPartySection(section: SectionView): section is PartySection {
  return section.party !== null;
}

/** The lists of a paper, in the ballot's order. */
export function partySections(view: TallyView): PartySection[] {
  return view.sections.filter(isPartySection);
}

/** The section of a party's list. */
export function sectionOfParty(view: TallyView, party: number): PartySection | null {
  return partySections(view).find((section) => section.party === party) ?? null;
}

/** The step under which a section is found: all lists together are one. */
export function stepOf(section: SectionView): FieldCode {
  return isPartySection(section) ? section.code.replace(/\.[^.]+$/, "") : section.code;
}

/** Whether a section is laid out in narrow lines: a list, or many candidates. */
export function hasLines(section: SectionView): boolean {
  return (
    isPartySection(section) || section.rows.filter((row) => row.candidate !== null).length > MANY_CANDIDATES
  );
}

/** The row with the list's own total (B). */
export function sumRow(section: SectionView): RowView | null {
  return section.rows.find((row) => row.counts === "list_votes") ?? null;
}

/** The cell with the list's own total (B). */
export function sumCell(section: SectionView): CellView | null {
  return sumRow(section)?.cells[0] ?? null;
}

/** Whether the party's own votes and its candidates' votes are asked for, and not its total alone. */
export function isAskedInFull(section: SectionView): boolean {
  return section.rows.every((row) => row.asked);
}

export function lookOf(section: SectionView): PartyLook {
  if (section.state !== "done") {
    return section.state;
  }
  const cells = section.rows.flatMap((row) => row.cells.filter((cell) => row.asked || cell.figure !== null));
  if (cells.every((cell) => cell.figure === "blank")) {
    return "crossed";
  }
  return isAskedInFull(section) ? "agrees" : "typed";
}

/** The number in a figure; `null` for anything else. */
export function numberIn(figure: Figure | null): number | null {
  return figure !== null && typeof figure === "object" ? figure.written : null;
}

/** The party's name without its number, which stands beside it. */
export function nameOf(title: string): string {
  return title.replace(/^\d+\.\s*/, "");
}

/** How many lists there are of each look. */
export function countLooks(sections: readonly SectionView[]): Readonly<Record<PartyLook, number>> {
  const counts: Record<PartyLook, number> = {
    agrees: 0,
    typed: 0,
    crossed: 0,
    disagrees: 0,
    open: 0,
    empty: 0,
  };
  for (const section of sections) {
    counts[lookOf(section)] += 1;
  }
  return counts;
}

/** Whether everything in it that is asked for is typed, whether it adds up or not. */
export function isTyped({ filled, fields }: SectionView): boolean {
  return filled >= fields;
}

/** The list to go on with: where a figure was typed last, if it is open, or else the first that is not done. */
export function partyToContinue(view: TallyView): PartySection | null {
  const sections = partySections(view);
  const unfinished = sections.filter((section) => !isTyped(section));
  const last = unfinished.find((section) => view.last_field?.startsWith(`${section.code}.`));
  return last ?? unfinished[0] ?? null;
}
