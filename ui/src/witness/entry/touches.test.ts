// How many touches and keys a DPR paper takes, counted over what the screens run.
import { describe, expect, it } from "vitest";
import { listPaper, partyNumbers, restOf, written } from "../../../dev/papers";
import type { FieldCode, Figure, TallyView } from "../../shared/generated/witness";
import { entryKeyOf, handOn, letterOf, outcomeOf, type EntryKey, type Hand } from "./typing";

const CANDIDATES = 8;

/**
 * A paper of 18 parties of 8 candidates with 60 figures that are not crossed. Of each party: its own votes, then those
 * of its candidates in order; 0 is a crossed field. The total is their sum. Four parties have no vote.
 */
const VOTES: readonly (readonly number[])[] = [
  [3, 9, 0, 2],
  [8, 17, 4, 0, 0, 1],
  [2, 3, 1],
  [6, 12, 0, 1, 3],
  [1, 4, 2, 0, 1],
  [],
  [2, 0, 1, 1],
  [5, 8, 3, 1],
  [],
  [1, 2],
  [],
  [2, 4, 1, 0, 0, 1],
  [3, 2, 1, 1],
  [4, 5, 0, 0, 2],
  [2, 1, 3],
  [1, 1, 1],
  [1, 2],
  [],
];

interface Written {
  readonly section: FieldCode;
  /** The figures in the order of the paper, without those that are crossed. */
  readonly figures: readonly { readonly field: FieldCode; readonly votes: number }[];
}

const PAPER: readonly Written[] = VOTES.map((votes, at) => {
  const section = `IV.${partyNumbers[at] ?? 0}`;
  const fieldOf = (index: number): FieldCode => (index === 0 ? `${section}.A.1` : `${section}.A.2.${index}`);
  const rows = votes.map((count, index) => ({ field: fieldOf(index), votes: count }));
  const total = votes.reduce((sum, each) => sum + each, 0);
  const sum = { field: `${section}.B`, votes: total };
  return { section, figures: [...rows, sum].filter((each) => each.votes > 0) };
});

const NOT_CROSSED = PAPER.reduce((count, { figures }) => count + figures.length, 0);

/** Types a paper, and counts every touch and key. */
abstract class Typist {
  view: TallyView = listPaper(CANDIDATES);
  hand: Hand = handOn("IV.1.A.1");
  count = 0;

  /** Comes to a field of the same list that is not the next one. */
  abstract reach(field: FieldCode): void;

  typeAll(): void {
    for (const { section, figures } of PAPER) {
      expect(this.hand.active).toBe(`${section}.A.1`);
      for (const { field, votes } of figures) {
        if (this.hand.active !== field) {
          this.reach(field);
        }
        for (const digit of String(votes)) {
          this.press(entryKeyOf({ key: digit }));
        }
        this.pressAfter(section, field);
      }
      if (figures.length === 0) {
        this.press({ kind: "rest" });
      }
    }
  }

  /** After a figure: the next field of the paper, or the rest of the list is crossed. */
  pressAfter(section: FieldCode, field: FieldCode): void {
    const figures = PAPER.find((each) => each.section === section)?.figures ?? [];
    const at = figures.findIndex((each) => each.field === field);
    const rows = this.view.sections.find(({ code }) => code === section)?.rows ?? [];
    const row = rows.findIndex(({ code }) => code === field);
    if (at === figures.length - 2 && row < CANDIDATES) {
      this.press({ kind: "rest" });
    } else if (rows[row + 1]?.code === figures[at + 1]?.field || at === figures.length - 1) {
      this.press({ kind: "next" });
    }
  }

  press(key: EntryKey | null): void {
    this.count += 1;
    const desk = {
      view: this.view,
      figure: (cell: { figure: Figure | null }) => cell.figure,
      isOpened: () => false,
    };
    const { hand, acts } = outcomeOf(desk, this.hand, key ?? { kind: "cancel" });
    this.hand = hand;
    for (const act of acts) {
      if (act.act === "type") {
        this.view = written(this.view, { [act.cell.field]: act.figure });
      } else if (act.act === "cross") {
        const section = this.view.sections.find(({ code }) => code === act.section);
        const fields = [
          ...(section === undefined ? [] : restOf(section)),
          ...(act.sum ? [act.sum.field] : []),
        ];
        this.view = written(this.view, Object.fromEntries(fields.map((field) => [field, "blank" as const])));
      } else if (act.act === "go") {
        this.hand = handOn(act.spot.field);
      }
    }
  }
}

/** Number of rows below the present one that a phone of 360 × 640 shows (the `scroll-margin` of `.line`). */
const ROWS_IN_SIGHT = 3;

/** A thumb on the keypad, and on the rows that the screen shows. */
class Thumb extends Typist {
  reach(field: FieldCode): void {
    const rows = this.view.sections.flatMap((section) => section.rows.map(({ code }) => code));
    const distance = rows.indexOf(field) - rows.indexOf(this.hand.active ?? "");
    this.count += Math.max(1, Math.ceil(distance / ROWS_IN_SIGHT));
    this.hand = handOn(field);
  }
}

/** Ten fingers on a keyboard. */
class Keyboard extends Typist {
  reach(field: FieldCode): void {
    const section = this.view.sections.find(({ rows }) => rows.some(({ code }) => code === field));
    const row = section?.rows.find(({ code }) => code === field);
    const letter = section === undefined || row === undefined ? "" : letterOf(section, row);
    this.press(entryKeyOf({ key: letter }));
    expect(this.hand.active).toBe(field);
  }
}

describe("a DPR paper of 18 parties with 60 figures that are not crossed", () => {
  it.each([
    ["touches on a phone", new Thumb()],
    ["keys on a keyboard", new Keyboard()],
  ])("takes at most 2.2 %s for each of them", (what, typist) => {
    expect(NOT_CROSSED).toBe(60);
    typist.typeAll();
    const sections = typist.view.sections.filter(({ party }) => party !== null);
    expect(sections.map(({ state }) => state)).toEqual(Array(18).fill("done"));
    const figures = new Map(
      sections.flatMap(({ rows }) =>
        rows.flatMap(({ cells }) => cells.map((cell) => [cell.field, cell.figure])),
      ),
    );
    for (const { field, votes } of PAPER.flatMap((each) => each.figures)) {
      expect(figures.get(field)).toEqual({ written: votes });
    }
    expect([...figures.values()].filter((figure) => figure === "blank")).toHaveLength(18 * 10 - 60);
    const share = typist.count / NOT_CROSSED;
    // eslint-disable-next-line no-console -- the figure is to be seen
    console.info(`${typist.count} ${what} for ${NOT_CROSSED} figures: ${share.toFixed(2)} each`);
    expect(share).toBeLessThanOrEqual(2.2);
  });
});
