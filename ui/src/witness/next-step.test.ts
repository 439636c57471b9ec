import { describe, expect, it } from "vitest";
import type { LifeState, StationView, TallyCard } from "../shared/generated/witness";
import { sampleApp } from "../../dev/sample";
import { nextStep } from "./next-step";

function station(...cards: Partial<TallyCard & { state: LifeState }>[]): StationView {
  const sample = sampleApp().witness?.stations[0];
  const card = sample?.tallies[0];
  if (sample === undefined || card === undefined) {
    throw new Error("the sample is empty");
  }
  return {
    ...sample,
    tallies: cards.map(({ state = "draft", ...rest }) => ({
      ...card,
      fields: 30,
      pages: 3,
      pages_photographed: 0,
      ...rest,
      life: { state, since_ms: 1, received_at_ms: null, entrusted_at_ms: null, refusal: null, verdict: null },
    })),
  };
}

describe("the next step", () => {
  it("is to finish what is begun before beginning something new", () => {
    const at = station({ contest: "dpr", filled: 0 }, { contest: "ppwp", filled: 12 });
    expect(nextStep(at)).toMatchObject({ act: "continue", contest: "ppwp" });
  });

  it("is to check a paper that is wholly typed", () => {
    expect(nextStep(station({ filled: 30 }))).toMatchObject({ act: "check" });
  });

  it("is to look at a refusal before beginning another contest", () => {
    const at = station({ contest: "dpr", filled: 0 }, { contest: "ppwp", filled: 30, state: "refused" });
    expect(nextStep(at)).toMatchObject({ act: "answer_refusal", contest: "ppwp" });
  });

  it("is to photograph what is sealed without all its photos", () => {
    expect(nextStep(station({ filled: 30, state: "sealed", pages_photographed: 2 }))).toMatchObject({
      act: "photograph",
    });
  });

  it("is nothing when all is sealed and photographed", () => {
    expect(nextStep(station({ filled: 30, state: "accepted", pages_photographed: 3 }))).toBeNull();
  });
});
