import { describe, expect, it } from "vitest";
import type { DrillPhoneView, DrillView } from "../../shared/generated/console";
import { classCounts, minutesSeconds, nextExercise, stagesDone } from "./class";

const phone = (given: Partial<DrillPhoneView>): DrillPhoneView => ({
  ...{ device: "ab", copy: 1, exercise: 2, stage: "entering", section: "IV", since_ms: 0 },
  ...{ hand_raised_at_ms: null, connected: true, right: null, known: false },
  ...given,
});
const view = (given: Partial<DrillView>): DrillView => ({
  ...{ title: "Malam Minggu", exercise_open: 2, opened_at_ms: 0, paused: false, network_cut: false },
  ...{ ended_at_ms: null, at_ms: 0, link: "", phones: [], handing_on: null },
  exercises: [1, 2, 3].map((number) => ({ number, kind: "ppwp", station: "tps", round: 1, minutes: 8 })),
  so_far: { results: 0, accuracy_permille: 0, check: null, check_title: null },
  ...given,
});

describe("the wall of a class", () => {
  it("counts those who are done with the open exercise, raised hands, and silent phones", () => {
    const phones = [
      phone({ stage: "graded" }),
      phone({ stage: "graded", exercise: 1 }),
      phone({ hand_raised_at_ms: 5, connected: false }),
    ];
    expect(classCounts(view({ phones }))).toEqual({ done: 1, hands: 1, silent: 1 });
  });

  it("goes through the exercises, and begins again after the end", () => {
    expect(nextExercise(view({ exercise_open: null }))).toBe(1);
    expect(nextExercise(view({}))).toBe(3);
    expect(nextExercise(view({ exercise_open: 3 }))).toBeNull();
    expect(nextExercise(view({ exercise_open: 3, ended_at_ms: 1 }))).toBe(1);
  });

  it("shows how far a phone is", () => {
    expect([
      stagesDone(phone({ stage: "waiting" })),
      stagesDone(phone({})),
      stagesDone(phone({ stage: "sealed" })),
    ]).toEqual([0, 0, 2]);
    expect(stagesDone(phone({ stage: "graded" }))).toBe(4);
    expect([minutesSeconds(374_000), minutesSeconds(-1)]).toEqual(["6.14", "0.00"]);
  });
});
