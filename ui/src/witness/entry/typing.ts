// What a key does while figures are typed. Pure: it says what to write and where to go, and does neither.
import type { CellView, FieldCode, RowView, SectionView, TallyView } from "../../shared/generated/witness";
import { keyOf, pressed, sameFigure, type FigureKey, type Typed } from "./figure";
import { isShown, spotAfter, spotIn, type IsOpened, type Spot } from "./order";
import { hasLines, sectionOfParty, sumCell } from "./parties";

/** Everything that a key can mean. */
export type EntryKey =
  | FigureKey
  | { readonly kind: "next" | "previous" | "rest" | "undo" | "map" | "jump" | "cancel" }
  /** The row with this letter beside it. */
  | { readonly kind: "row"; readonly letter: string };

/** Where the witness is. */
export interface Hand {
  readonly active: FieldCode | null;
  /** Whether the next digit starts a new figure. */
  readonly fresh: boolean;
  /** A field whose boxes are full and that got one more digit. */
  readonly full: FieldCode | null;
  /** The digits of a number to jump to; `null` when none is typed. */
  readonly jump: string | null;
}

/** What the figures are typed into. */
export interface TypingState {
  readonly view: TallyView;
  figure(cell: CellView): Typed;
  readonly isOpened: IsOpened;
}

/** What is to be done after a key. */
export type Act =
  | { readonly act: "type"; readonly cell: CellView; readonly figure: Typed }
  /** Crosses what is untyped in a section, and its total too if a field is named. */
  | { readonly act: "cross"; readonly section: FieldCode; readonly sum: CellView | null }
  | { readonly act: "go"; readonly spot: Spot }
  /** Beyond the last field of the paper. */
  | { readonly act: "leave" }
  | { readonly act: "undo" }
  | { readonly act: "map" };

export interface Outcome {
  readonly hand: Hand;
  readonly acts: readonly Act[];
}

/** The hand on a field that it has just come to. */
export function handOn(active: FieldCode | null): Hand {
  return { active, fresh: true, full: null, jump: null };
}

/** The letters of the rows of a list: A for A.1, B for B, the others for the candidates. Not those of other keys. */
const CANDIDATE_LETTERS = "cdefghijklnopq";

/** The letter that leads to a row from the keyboard; empty for a row without one. */
export function letterOf(section: SectionView, row: RowView): string {
  if (row.counts === "list_votes") {
    return "b";
  }
  if (row.candidate === null) {
    return row.counts === "party_votes" ? "a" : "";
  }
  const candidates = section.rows.filter((each) => each.candidate !== null);
  return section.party === null ? "" : (CANDIDATE_LETTERS[candidates.indexOf(row)] ?? "");
}

const words: Readonly<
  Record<string, EntryKey["kind"] & ("next" | "previous" | "erase" | "rest" | "map" | "jump")>
> = {
  Enter: "next",
  ArrowDown: "next",
  ArrowUp: "previous",
  Backspace: "erase",
  Delete: "erase",
  r: "rest",
  R: "rest",
  "*": "rest",
  m: "map",
  M: "map",
  "/": "jump",
};

/** A key press, as far as it matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
  readonly shiftKey?: boolean;
}

/** What a key of a physical keyboard means; `null` for one that means nothing here. */
export function entryKeyOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): EntryKey | null {
  if (ctrlKey === true || metaKey === true) {
    return altKey !== true && key.toLowerCase() === "z" ? { kind: "undo" } : null;
  }
  if (altKey === true) {
    return null;
  }
  if (key === "Enter" && shiftKey === true) {
    return { kind: "previous" };
  }
  if (key === "Escape") {
    return { kind: "cancel" };
  }
  const kind = words[key];
  return kind === undefined ? (keyOf(key) ?? letterKey(key)) : { kind };
}

function letterKey(key: string): EntryKey | null {
  return /^[a-z]$/i.test(key) ? { kind: "row", letter: key.toLowerCase() } : null;
}

/** What a key does. */
export function outcomeOf(desk: TypingState, hand: Hand, key: EntryKey): Outcome {
  if (hand.jump !== null && key.kind !== "undo" && key.kind !== "map") {
    return jumping(desk, hand, hand.jump, key);
  }
  const section = sectionOf(desk.view, hand.active);
  switch (key.kind) {
    case "next":
      return moved(desk, hand, 1);
    case "previous":
      return moved(desk, hand, -1);
    case "rest":
      return section === null ? stay(hand) : crossed(desk, hand, section);
    case "undo":
    case "map":
      return { hand: { ...hand, jump: null }, acts: [{ act: key.kind }] };
    case "jump":
      return stay({ ...hand, jump: "" });
    case "cancel":
      return stay({ ...hand, full: null });
    case "row":
      return section === null ? stay(hand) : toRow(desk, hand, section, key.letter);
    default:
      return typed(desk, hand, key);
  }
}

function stay(hand: Hand): Outcome {
  return { hand, acts: [] };
}

function sectionOf(view: TallyView, field: FieldCode | null): SectionView | null {
  const has = (row: RowView): boolean => row.cells.some((cell) => cell.field === field);
  return view.sections.find((section) => section.rows.some(has)) ?? null;
}

function cellAt(section: SectionView | null, field: FieldCode | null): CellView | null {
  return section?.rows.flatMap((row) => row.cells).find((cell) => cell.field === field) ?? null;
}

function typed(desk: TypingState, hand: Hand, key: FigureKey): Outcome {
  const cell = cellAt(sectionOf(desk.view, hand.active), hand.active);
  if (cell === null) {
    return stay(hand);
  }
  const before = desk.figure(cell);
  const after = pressed(before, key, cell.digits, hand.fresh);
  const changed = !sameFigure(before, after);
  const full = !changed && key.kind === "digit" && after !== null ? cell.field : null;
  return {
    hand: { ...hand, fresh: false, full },
    acts: changed ? [{ act: "type", cell, figure: after }] : [],
  };
}

/** The act of going to a spot. Another section opens where it is not filled yet. */
function going(desk: TypingState, from: FieldCode | null, spot: Spot | null): Act {
  if (spot === null) {
    return { act: "leave" };
  }
  const crosses = sectionOf(desk.view, from)?.code !== spot.section;
  return { act: "go", spot: crosses ? (spotIn(desk.view, spot.section, desk.isOpened) ?? spot) : spot };
}

function moved(desk: TypingState, hand: Hand, steps: 1 | -1): Outcome {
  if (hand.active === null) {
    return stay(hand);
  }
  const spot = spotAfter(desk.view, hand.active, steps, desk.isOpened);
  if (steps === -1) {
    return { hand, acts: spot === null ? [] : [{ act: "go", spot }] };
  }
  return { hand, acts: [going(desk, hand.active, spot)] };
}

/** Crosses the rest of a list. In one that nobody has touched the total is crossed too. */
function crossed(desk: TypingState, hand: Hand, section: SectionView): Outcome {
  if (!hasLines(section)) {
    return stay(hand);
  }
  const sum = sumCell(section);
  const last = lastShownCell(desk, section);
  const untouched = section.rows.every((row) => row.cells.every((cell) => desk.figure(cell) === null));
  const next = last === null ? null : spotAfter(desk.view, last.field, 1, desk.isOpened);
  const go: Act =
    untouched || sum === null
      ? going(desk, hand.active, next)
      : { act: "go", spot: { section: section.code, field: sum.field } };
  return { hand, acts: [{ act: "cross", section: section.code, sum: untouched ? sum : null }, go] };
}

function lastShownCell(desk: TypingState, section: SectionView): CellView | null {
  const rows = section.rows.filter((row) => isShown(row, desk.isOpened(section.code)));
  const cells = rows.flatMap((row) => row.cells);
  return cells[cells.length - 1] ?? null;
}

function toRow(desk: TypingState, hand: Hand, section: SectionView, letter: string): Outcome {
  const row = section.rows.find((each) => letterOf(section, each) === letter);
  const field = row?.cells[0]?.field;
  if (row === undefined || field === undefined || !isShown(row, desk.isOpened(section.code))) {
    return stay(hand);
  }
  return { hand, acts: [{ act: "go", spot: { section: section.code, field } }] };
}

const JUMP_DIGITS_MAX = 3;

/** A key while a number to jump to is typed. */
function jumping(desk: TypingState, hand: Hand, jump: string, key: EntryKey): Outcome {
  switch (key.kind) {
    case "digit":
      return stay({ ...hand, jump: (jump + String(key.digit)).slice(-JUMP_DIGITS_MAX) });
    case "erase":
      return stay({ ...hand, jump: jump === "" ? null : jump.slice(0, -1) });
    case "next": {
      const spot = spotOfNumber(desk, hand.active, Number(jump));
      const away = { ...hand, jump: null };
      return { hand: away, acts: spot === null || jump === "" ? [] : [{ act: "go", spot }] };
    }
    default:
      return stay({ ...hand, jump: null });
  }
}

/** Where a number leads: to the party, or on a paper without parties to the candidate. */
export function spotOfNumber(desk: TypingState, active: FieldCode | null, number: number): Spot | null {
  const party = sectionOfParty(desk.view, number);
  if (party !== null) {
    return spotIn(desk.view, party.code, desk.isOpened);
  }
  const candidates = desk.view.sections.filter((section) => section.party === null);
  const here = sectionOf(desk.view, active);
  const sections = here === null ? candidates : [here, ...candidates];
  for (const section of sections) {
    const field = section.rows.find((row) => row.candidate === number)?.cells[0]?.field;
    if (field !== undefined && section.party === null) {
      return { section: section.code, field };
    }
  }
  return null;
}
