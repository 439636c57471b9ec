import { describe, expect, it } from "vitest";
import { History } from "./history";

describe("what can be taken back", () => {
  it("is a figure as a whole, not each digit of it", () => {
    const history = new History();
    history.typed("IV.1", null);
    history.typed("IV.1", { written: 1 });
    history.typed("IV.2", "blank");
    expect(history.last()).toEqual({ kind: "typed", field: "IV.2", before: "blank" });
    history.forgetLast();
    expect(history.last()).toEqual({ kind: "typed", field: "IV.1", before: null });
    history.forgetLast();
    expect(history.last()).toBeNull();
  });

  it("is the newest crossing of a section, also when others came after it", () => {
    const history = new History();
    history.crossed("IV.1", "IV.1.B");
    history.crossed("IV.2", null);
    history.typed("IV.3.A.1", null);
    expect(history.forgetCrossing("IV.1")).toEqual({ kind: "crossed", section: "IV.1", sum: "IV.1.B" });
    expect(history.forgetCrossing("IV.1")).toBeNull();
    expect(history.last()).toMatchObject({ field: "IV.3.A.1" });
  });

  it("is limited", () => {
    const history = new History();
    for (let at = 0; at < 600; at += 1) {
      history.typed(`IV.${at}`, null);
    }
    let steps = 0;
    for (; history.last() !== null; steps += 1) {
      history.forgetLast();
    }
    expect(steps).toBe(500);
  });
});
