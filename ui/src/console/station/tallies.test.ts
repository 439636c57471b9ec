// A finding is listed once, and a correction with what it changed.
import { describe, expect, it } from "vitest";
import type { CheckCode, FieldRow, Figure, Finding, TallyView } from "../../shared/generated/console";
import { codesByField, found } from "./findings";
import { history } from "./history";

const text = { id: "", en: "" };

const finding = (
  key: `${CheckCode}` | `${CheckCode}@${string}`,
  severity: Finding["severity"],
  difference = 5,
): Finding => ({
  key,
  code: key.split("@", 1)[0] as CheckCode,
  severity,
  title: text,
  advice: text,
  for_coordinator: text,
  comparison: {
    left: { label: text, terms: [], total: 252 },
    relation: "equal",
    right: { label: text, terms: [], total: 252 + difference },
    difference: -difference,
  },
  fields: ["V.A", "IV.1"],
});

const tally = (given: Partial<TallyView>): TallyView => ({
  statement: "00",
  device: "aa",
  witness: "A",
  round: 1,
  sequence: 1,
  sealed_at_ms: 0,
  received_at_ms: 0,
  assigned: true,
  superseded: false,
  forked: false,
  quarantined: false,
  log_index: null,
  correction_reason: null,
  corrected_by: null,
  corrects: null,
  verdicts: [],
  findings: [],
  acknowledged: [],
  ...given,
});

const row = (field: string, candidate: number | null, ...figures: (Figure | null)[]): FieldRow => ({
  field,
  row: field,
  label: text,
  column: null,
  counts: candidate === null ? "invalid_votes" : "candidate_votes",
  choice: candidate === null ? null : String(candidate),
  candidate,
  asked: true,
  figures,
  differs: false,
  read: figures.map(() => null),
});

const written = (number: number): Figure => ({ written: number });

describe("findings", () => {
  it("stand once when two witnesses have the same, and twice when their figures differ", () => {
    const a = tally({ findings: [finding("F401", "fault")], acknowledged: ["F401"] });
    const alike = tally({ witness: "B", findings: [finding("F401", "fault")] });
    const other = tally({ witness: "C", findings: [finding("F401", "fault", 7)] });
    const all = found([a, alike, other]);
    expect(all.map(({ by }) => by)).toEqual([
      [
        { witness: "A", acknowledged: true },
        { witness: "B", acknowledged: false },
      ],
      [{ witness: "C", acknowledged: false }],
    ]);
  });

  it("name a witness once whose phone signed two tallies that stand", () => {
    const first = tally({ findings: [finding("F401", "fault")], acknowledged: ["F401"] });
    const second = tally({ statement: "01", findings: [finding("F401", "fault")] });
    expect(found([first, second]).map(({ by }) => by)).toEqual([[{ witness: "A", acknowledged: false }]]);
  });

  it("of a superseded tally are history", () => {
    expect(found([tally({ superseded: true, findings: [finding("F401", "fault")] })])).toEqual([]);
  });

  it("put faults before warnings", () => {
    const all = found([tally({ findings: [finding("W101", "warning"), finding("F402", "fault")] })]);
    expect(all.map(({ finding: { code } }) => code)).toEqual(["F402", "W101"]);
  });

  it("name a code once at each of its fields", () => {
    const codes = codesByField(
      found([tally({ findings: [finding("F101@a", "fault"), finding("F101@b", "fault", 1)] })]),
    );
    expect(codes.get("IV.1")).toEqual(["F101"]);
  });
});

describe("history", () => {
  it("orders by arrival, whatever the devices' clocks say", () => {
    const view = {
      tallies: [
        tally({ statement: "late", sealed_at_ms: 1, received_at_ms: 20 }),
        tally({ statement: "early", device: "bb", sealed_at_ms: 9, received_at_ms: 10 }),
      ],
      sections: [],
    };
    expect(history(view).map((entry) => entry.tally.statement)).toEqual(["early", "late"]);
  });

  it("tells what a correction changed, a blank that became a number included", () => {
    const view = {
      tallies: [
        tally({ superseded: true, sequence: 4 }),
        tally({ device: "bb", sequence: 1, received_at_ms: 1 }),
        tally({ sequence: 7, received_at_ms: 2, correction_reason: "salah baca" }),
      ],
      sections: [
        {
          code: "IV",
          title: text,
          page: 2,
          party: null,
          differing: 0,
          fields: [
            row("IV.1", 1, written(128), written(123), written(123)),
            row("IV.2", 2, "blank", written(97), written(0)),
            row("V.B", null, written(4), null, written(4)),
          ],
        },
      ],
    };
    const [first, second, third] = history(view);
    expect(first?.changes).toEqual([]);
    expect(second?.changes).toEqual([]);
    expect(third?.changes).toEqual([
      { field: "IV.1", before: written(128), after: written(123) },
      { field: "IV.2", before: "blank", after: written(0) },
    ]);
    expect(third?.votes).toEqual([written(123), written(0)]);
  });
});
