import { describe, expect, it } from "vitest";
import { candidatePaper, listPaper, sampleListFigures, written } from "../../../dev/papers";
import { sampleTally } from "../../../dev/sample";
import {
  countLooks,
  hasLines,
  lookOf,
  nameOf,
  partySections,
  partyToContinue,
  sectionOfParty,
  stepOf,
} from "./parties";

describe("the lists of a paper", () => {
  const paper = written(listPaper(), sampleListFigures(listPaper(), 11));

  it("are found by the party's number and share one step", () => {
    expect(partySections(paper).map(({ party }) => party)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 24,
    ]);
    expect(sectionOfParty(paper, 24)?.code).toBe("IV.24");
    expect(sectionOfParty(paper, 18)).toBeNull();
    expect([...new Set(paper.sections.map(stepOf))]).toEqual(["I", "II", "III", "IV", "V"]);
  });

  it("agree, disagree, are crossed or wait", () => {
    const at = (party: number) => lookOf(partySections(paper).find((each) => each.party === party) ?? fail());
    expect([1, 4, 6, 12].map(at)).toEqual(["agrees", "disagrees", "crossed", "empty"]);
    expect(countLooks(partySections(paper))).toEqual({
      agrees: 8,
      typed: 0,
      crossed: 2,
      disagrees: 1,
      open: 0,
      empty: 7,
    });
  });

  it("of which only the total is asked for are typed, and claim no agreement", () => {
    const own = written(listPaper(8, 7), { "IV.1.B": { written: 12 } });
    const [first] = partySections(own);
    expect(first && lookOf(first)).toBe("typed");
  });

  it("go on where the last figure was typed, and otherwise at the first that is open", () => {
    expect(partyToContinue(paper)?.party).toBe(12);
    expect(partyToContinue(written(paper, { "IV.15.A.1": { written: 1 } }))?.party).toBe(15);
    const all = written(listPaper(), sampleListFigures(listPaper(), 18));
    expect(partyToContinue(all)).toBeNull();
  });

  it("are laid out in narrow lines, and so are many candidates", () => {
    const candidates = (paper: ReturnType<typeof sampleTally>) => paper.sections.filter(hasLines).length;
    expect(candidates(paper)).toBe(18);
    expect(candidates(candidatePaper(54))).toBe(1);
    expect(candidates(sampleTally())).toBe(0);
  });

  it("are named without their number", () => {
    expect(nameOf("12. Partai Contoh")).toBe("Partai Contoh");
    expect(nameOf("Partai 12")).toBe("Partai 12");
  });
});

function fail(): never {
  throw new Error("no such party");
}
