// What a coordinator corrects is put among the other figures of the tally, in the paper's order.
import { describe, expect, it } from "vitest";
import type { FieldRow, Figure, TallyView } from "../../shared/generated/console";
import { correctedFigures, decidable } from "./deciding.svelte";

const row = (field: string, ...figures: (Figure | null)[]): FieldRow =>
  ({ field, figures }) as unknown as FieldRow;
const tally = (statement: string, given: Partial<TallyView> = {}): TallyView =>
  ({ statement, superseded: false, verdicts: [], ...given }) as unknown as TallyView;

const view = {
  tallies: [tally("aa"), tally("bb")],
  sections: [
    { fields: [row("I.1", { written: 7 }, { written: 8 }), row("I.2", "blank", "illegible")] },
    { fields: [row("IV.1", null, { written: 123 }), row("IV.2", { written: 0 }, null)] },
  ] as unknown as never[],
};

describe("a correction", () => {
  it("has every figure of the tally, and what was typed in its place", () => {
    expect(correctedFigures(view, "bb", new Map())).toEqual([8, -2, 123, null]);
    expect(correctedFigures(view, "aa", new Map([["IV.1", "128"]]))).toEqual([7, -1, 128, 0]);
    expect(correctedFigures(view, "aa", new Map([["I.1", ""]]))).toEqual([-1, -1, null, 0]);
  });
});

describe("what is decided on", () => {
  it("is the newest tally of each witness, and those on which a verdict stands", () => {
    const verdicts = [{ decision: "disputed" }] as unknown as TallyView["verdicts"];
    const all = [tally("aa", { superseded: true }), tally("bb", { superseded: true, verdicts }), tally("cc")];
    expect(decidable({ tallies: all }).map(({ statement }) => statement)).toEqual(["bb", "cc"]);
  });
});
