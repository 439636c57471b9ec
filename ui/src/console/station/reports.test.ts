// Each report is one line of text, and those that need a look stand out.
import { describe, expect, it } from "vitest";
import type { WitnessReport } from "../../shared/generated/console";
import { headline, isAlarming } from "./reports";

const incident: WitnessReport = {
  kind: "incident",
  category: "copy_withheld",
  text: "Salinan tidak diberikan.",
  on_the_form: true,
  tally: null,
};
const drill: WitnessReport = {
  kind: "drill",
  drill: "latihan-1",
  sheet: "3",
  fields: 40,
  wrong: 1,
  faults: 3,
  faults_noticed: 2,
  duration_s: 300,
};

describe("reports", () => {
  it("name who says what", () => {
    expect(headline({ witness: "A", report: incident })).toBe("Saksi A: salinan tidak diberikan");
    expect(headline({ witness: "B", report: drill })).toContain("1 dari 40 isian salah");
  });

  it("stand out when something happened or a witness was kept out", () => {
    const attendance = (event: "arrived" | "left" | "not_admitted"): WitnessReport => ({
      kind: "attendance",
      event,
    });
    expect(isAlarming(incident)).toBe(true);
    expect(isAlarming(attendance("not_admitted"))).toBe(true);
    expect(isAlarming(attendance("arrived"))).toBe(false);
    expect(isAlarming(drill)).toBe(false);
  });
});
