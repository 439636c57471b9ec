import { describe, expect, it } from "vitest";
import type { Figure, TallyView } from "../../shared/generated/witness";
import { sampleTally } from "../../../dev/sample";
import { spotAfter, spotIn, spotOf, spotToResume } from "./order";

/** The sample paper with only these figures typed, the last of them last. */
function paper(figures: Record<string, Figure>): TallyView {
  const tally = sampleTally();
  const sections = tally.sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell) => ({ ...cell, figure: figures[cell.field] ?? null })),
    })),
  }));
  return { ...tally, sections, last_field: Object.keys(figures).pop() ?? null };
}

describe("where the witness stopped", () => {
  it("is the first field on a paper not begun", () => {
    expect(spotToResume(paper({}))).toMatchObject({ section: "I", field: "I.A.L" });
  });

  it("is the first untyped field after the one typed last", () => {
    const tally = paper({ "I.A.L": { written: 1 }, "II.2": { written: 5 }, "II.1": "blank" });
    expect(spotToResume(tally)).toMatchObject({ section: "II", field: "II.3" });
  });

  it("wraps to what was skipped when everything after is typed", () => {
    const all = Object.fromEntries(
      paper({}).sections.flatMap((section) =>
        section.rows.flatMap((row) =>
          row.cells.map((cell) => [cell.field, { written: 1 } as Figure] as const),
        ),
      ),
    );
    delete all["I.B.1.P"];
    expect(spotToResume(paper(all))).toMatchObject({ field: "I.B.1.P" });
  });
});

describe("the paper's order", () => {
  it("goes across columns, down rows and over to the next section", () => {
    const tally = paper({});
    expect(spotAfter(tally, "I.A.L", 1)).toMatchObject({ field: "I.A.P" });
    expect(spotAfter(tally, "I.A.J", 1)).toMatchObject({ field: "I.B.1.L" });
    expect(spotAfter(tally, "II.1", -1)).toMatchObject({ section: "I", field: "I.B.4.J" });
  });

  it("ends at both ends of the paper", () => {
    const tally = paper({});
    expect(spotAfter(tally, "I.A.L", -1)).toBeNull();
    expect(spotAfter(tally, "V.C", 1)).toBeNull();
    expect(spotAfter(tally, "IX.9", 1)).toBeNull();
  });

  it("opens a section at its first untyped field, or at its top when all are typed", () => {
    expect(spotIn(paper({ "V.A": { written: 3 } }), "V")).toMatchObject({ field: "V.B" });
    expect(spotIn(paper({ "V.A": "blank", "V.B": "blank", "V.C": "blank" }), "V")).toMatchObject({
      field: "V.A",
    });
    expect(spotIn(paper({}), "IX")).toBeNull();
    expect(spotOf(paper({}), "IV.2")).toMatchObject({ section: "IV" });
  });
});
