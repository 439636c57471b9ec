import { describe, expect, it } from "vitest";
import { candidatePaper, listPaper, restOf, written } from "../../../dev/papers";
import { sampleTally } from "../../../dev/sample";
import type { Figure, TallyView } from "../../shared/generated/witness";
import { entryKeyOf, handOn, outcomeOf, type EntryKey, type Hand } from "./typing";
import { spotOf } from "./order";

/** A paper that is typed on, and what stands on it. */
class Paper {
  view: TallyView;
  hand: Hand = handOn(null);
  readonly opened = new Set<string>();
  readonly left: string[] = [];
  readonly crossings: { section: string; withSum: boolean }[] = [];

  constructor(view: TallyView, at: string) {
    this.view = view;
    this.hand = handOn(at);
  }

  press(...keys: (string | EntryKey)[]): this {
    for (const each of keys) {
      const key = typeof each === "string" ? entryKeyOf({ key: each }) : each;
      if (key !== null) {
        this.#press(key);
      }
    }
    return this;
  }

  figure(field: string): Figure | null | undefined {
    const cells = this.view.sections.flatMap((section) => section.rows.flatMap((row) => row.cells));
    return cells.find((cell) => cell.field === field)?.figure;
  }

  #press(key: EntryKey): void {
    const desk = {
      view: this.view,
      figure: (cell: { figure: Figure | null }) => cell.figure,
      isOpened: (section: string) => this.opened.has(section),
    };
    const { hand, acts } = outcomeOf(desk, this.hand, key);
    this.hand = hand;
    for (const act of acts) {
      if (act.act === "type") {
        this.view = written(this.view, { [act.cell.field]: act.figure });
      } else if (act.act === "go") {
        this.hand = this.hand.active === act.spot.field ? this.hand : handOn(act.spot.field);
      } else if (act.act === "cross") {
        const section = this.view.sections.find(({ code }) => code === act.section);
        const rest = section === undefined ? [] : restOf(section);
        const fields = act.sum === null ? rest : [...rest, act.sum.field];
        this.view = written(this.view, Object.fromEntries(fields.map((field) => [field, "blank" as const])));
        this.crossings.push({ section: act.section, withSum: act.sum !== null });
      } else {
        this.left.push(act.act);
      }
    }
  }
}

describe("keys of a keyboard", () => {
  it("mean figures, ways and crosses", () => {
    expect(entryKeyOf({ key: "7" })).toEqual({ kind: "digit", digit: 7 });
    expect(entryKeyOf({ key: "Enter" })).toEqual({ kind: "next" });
    expect(entryKeyOf({ key: "Enter", shiftKey: true })).toEqual({ kind: "previous" });
    expect(entryKeyOf({ key: "-" })).toEqual({ kind: "blank" });
    expect(entryKeyOf({ key: "X" })).toEqual({ kind: "blank" });
    expect(entryKeyOf({ key: "r" })).toEqual({ kind: "rest" });
    expect(entryKeyOf({ key: "*" })).toEqual({ kind: "rest" });
    expect(entryKeyOf({ key: "z", ctrlKey: true })).toEqual({ kind: "undo" });
    expect(entryKeyOf({ key: "/" })).toEqual({ kind: "jump" });
    expect(entryKeyOf({ key: "c" })).toEqual({ kind: "row", letter: "c" });
    for (const other of [
      { key: "r", ctrlKey: true },
      { key: "1", altKey: true },
      { key: "F5" },
      { key: "Tab" },
    ]) {
      expect(entryKeyOf(other)).toBeNull();
    }
  });
});

describe("typing a list", () => {
  it("is digits and one next, down to the total and on to the next party", () => {
    const paper = new Paper(listPaper(3), "IV.1.A.1");
    paper.press("2", "1", "Enter", "4", "Enter", "Enter", "6", "Enter", "3", "1", "Enter");
    expect(paper.figure("IV.1.A.1")).toEqual({ written: 21 });
    expect(paper.figure("IV.1.A.2.1")).toEqual({ written: 4 });
    expect(paper.figure("IV.1.A.2.3")).toEqual({ written: 6 });
    expect(paper.figure("IV.1.B")).toEqual({ written: 31 });
    expect(paper.hand.active).toBe("IV.2.A.1");
  });

  it("crosses nothing that was passed over, and nothing when the party is left", () => {
    const paper = new Paper(listPaper(3), "IV.1.A.1");
    paper.press("Enter", "Enter", "5", "Enter", "Enter", "5", "Enter");
    expect(paper.hand.active).toBe("IV.2.A.1");
    for (const field of ["IV.1.A.1", "IV.1.A.2.1", "IV.1.A.2.3"]) {
      expect(paper.figure(field)).toBeNull();
    }
    expect(paper.view.sections.find(({ code }) => code === "IV.1")?.state).toBe("open");
  });

  it("crosses the rest with one key, as crossed and not as 0, and comes to the total", () => {
    const paper = new Paper(listPaper(4), "IV.1.A.1").press("7", "Enter", "2", "r");
    expect(paper.figure("IV.1.A.2.2")).toBe("blank");
    expect(paper.figure("IV.1.A.2.4")).toBe("blank");
    expect(paper.figure("IV.1.B")).toBeNull();
    expect(paper.hand.active).toBe("IV.1.B");
    expect(paper.crossings).toEqual([{ section: "IV.1", withSum: false }]);
  });

  it("crosses a party that has nothing, its total too, and goes on", () => {
    const paper = new Paper(listPaper(4), "IV.6.A.1").press("r");
    expect(paper.figure("IV.6.B")).toBe("blank");
    expect(paper.hand.active).toBe("IV.7.A.1");
    expect(paper.crossings).toEqual([{ section: "IV.6", withSum: true }]);
  });

  it("goes to a row by its letter, and leaves what lies between untyped", () => {
    const paper = new Paper(listPaper(8), "IV.1.A.1").press("7", "g", "3", "b");
    expect(paper.figure("IV.1.A.2.5")).toEqual({ written: 3 });
    expect(paper.hand.active).toBe("IV.1.B");
    expect(paper.press("a").hand.active).toBe("IV.1.A.1");
    expect(paper.press("q").hand.active).toBe("IV.1.A.1");
  });

  it("jumps to a party by its number, and stays for a number that no party has", () => {
    const paper = new Paper(listPaper(3), "IV.1.A.1");
    expect(paper.press("/", "2", "4", "Enter").hand).toEqual(handOn("IV.24.A.1"));
    expect(paper.press("/", "2", "0", "Enter").hand.active).toBe("IV.24.A.1");
    expect(paper.press("/", "1", "Escape", "5").figure("IV.24.A.1")).toEqual({ written: 5 });
    expect(paper.press("/", "1", "2", "Backspace", "Enter").hand.active).toBe("IV.1.A.1");
  });

  it("asks for undo and for the map, and leaves the paper after its last field", () => {
    const paper = new Paper(listPaper(3), "V.C");
    paper.press("m", { kind: "undo" }, "Enter");
    expect(paper.left).toEqual(["map", "undo", "leave"]);
  });

  it("says when the boxes are full", () => {
    const paper = new Paper(listPaper(3), "IV.1.A.1").press("1", "2", "3", "4");
    expect(paper.figure("IV.1.A.1")).toEqual({ written: 123 });
    expect(paper.hand.full).toBe("IV.1.A.1");
    expect(paper.press("Enter").hand.full).toBeNull();
  });
});

describe("what is not asked for", () => {
  it("is passed over, until the witness opens it", () => {
    const paper = new Paper(listPaper(3, 7), "III.J");
    expect(paper.press("Enter").hand.active).toBe("IV.1.B");
    expect(paper.press("Enter").hand.active).toBe("IV.2.B");
    paper.opened.add("IV.3");
    expect(paper.press("Enter").hand.active).toBe("IV.3.B");
    expect(paper.press("ArrowUp").hand.active).toBe("IV.3.A.2.3");
    expect(paper.press("/", "7", "Enter").hand.active).toBe("IV.7.A.1");
  });

  it("is never crossed", () => {
    const paper = new Paper(listPaper(3, 7), "IV.1.B").press("r");
    expect(paper.figure("IV.1.B")).toBe("blank");
    expect(paper.figure("IV.1.A.1")).toBeNull();
    expect(paper.hand.active).toBe("IV.2.B");
  });

  it("stays on the screen once it has a figure", () => {
    const paper = new Paper(written(listPaper(3, 7), { "IV.2.A.2.1": { written: 4 } }), "IV.1.B");
    expect(paper.press("Enter").hand.active).toBe("IV.2.B");
    expect(paper.press("ArrowUp").hand.active).toBe("IV.2.A.2.1");
    expect(spotOf(paper.view, "IV.2.A.2.3")).toMatchObject({ section: "IV.2" });
  });
});

describe("other papers", () => {
  it("of many candidates cross the rest too, and jump by the candidate's number", () => {
    const paper = new Paper(candidatePaper(54), "IV.1");
    expect(paper.press("/", "3", "7", "Enter").hand.active).toBe("IV.37");
    paper.press("5", "r");
    expect(paper.figure("IV.36")).toBe("blank");
    expect(paper.figure("IV.37")).toEqual({ written: 5 });
    expect(paper.hand.active).toBe("V.A");
  });

  it("of a few pairs cross nothing together", () => {
    const paper = new Paper(sampleTally(), "IV.1").press("r", "c", "m");
    expect(paper.crossings).toEqual([]);
    expect(paper.hand.active).toBe("IV.1");
  });
});
