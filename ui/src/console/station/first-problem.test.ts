import { describe, expect, it } from "vitest";
import type { FieldRow, Finding, ReadView } from "../../shared/generated/console";
import type { Found } from "./findings";
import { firstProblem, spotOfFinding } from "./first-problem";

const text = { id: "", en: "" };

const row = (field: string, given: Partial<FieldRow> = {}): FieldRow => ({
  field,
  row: field,
  label: text,
  column: null,
  counts: "valid_votes",
  choice: null,
  candidate: null,
  asked: true,
  figures: [{ written: 1 }],
  differs: false,
  read: [null],
  ...given,
});

const section = (page: number, ...fields: FieldRow[]) => ({
  code: `S${page}`,
  title: text,
  party: null,
  differing: 0,
  page,
  fields,
});

const found = (severity: Finding["severity"], ...fields: string[]): Found => ({
  finding: {
    key: "F401",
    code: "F401",
    severity,
    title: text,
    advice: text,
    for_coordinator: text,
    comparison: null,
    fields,
  },
  by: [{ witness: "B", acknowledged: false }],
});

const read = (answered: boolean): ReadView => ({
  figure: 7,
  certainty_permille: 999,
  differs: true,
  answered,
});

const sections = (given: Record<string, Partial<FieldRow>> = {}) => [
  section(1, row("I.A", given["I.A"]), row("II.1", given["II.1"])),
  section(2, row("IV.1", given["IV.1"]), row("IV.2", given["IV.2"])),
];

describe("a station opens", () => {
  it("on the figure in conflict, before any fault and any other difference", () => {
    const given = sections({ "II.1": { differs: true }, "IV.2": { differs: true } });
    const view = { conflicts: ["IV.2"], sections: given };
    expect(firstProblem(view, [found("fault", "I.A")])).toEqual({ field: "IV.2", page: 2, witness: null });
  });

  it("on a fault before a difference that is no conflict", () => {
    const view = { conflicts: [], sections: sections({ "II.1": { differs: true } }) };
    expect(firstProblem(view, [found("fault", "I.A")])).toMatchObject({ field: "I.A", page: 1 });
    expect(firstProblem(view, [found("warning", "I.A")])).toMatchObject({ field: "II.1", page: 1 });
  });

  it("on the first fault, with the witness who has it", () => {
    const view = { conflicts: [], sections: sections({ "II.1": { read: [read(false)] } }) };
    const findings = [found("warning", "I.A"), found("fault", "IV.1", "IV.2")];
    expect(firstProblem(view, findings)).toEqual({ field: "IV.1", page: 2, witness: "B" });
  });

  it("on a reading that nobody looked at again, before a warning", () => {
    const open = { conflicts: [], sections: sections({ "IV.1": { read: [read(false)] } }) };
    expect(firstProblem(open, [found("warning", "I.A")])).toMatchObject({ field: "IV.1", page: 2 });
    const answered = { conflicts: [], sections: sections({ "IV.1": { read: [read(true)] } }) };
    expect(firstProblem(answered, [found("warning", "I.A")])).toMatchObject({ field: "I.A", page: 1 });
  });

  it("where it was, when there is no problem or its field is not on the paper", () => {
    const view = { conflicts: [], sections: sections() };
    expect(firstProblem(view, [])).toBeNull();
    expect(firstProblem(view, [found("fault", "IX.1"), found("warning")])).toBeNull();
    expect(spotOfFinding(view, undefined)).toBeNull();
  });
});
