import { describe, expect, it } from "vitest";
import { sampleApp } from "../../dev/sample";
import { recall, remember, routeToOpen } from "./resume";
import { addressOf, home, type Route } from "./route";

const tallyKey = { station: "52.71.01.1001-014", contest: "ppwp", round: 1 };

/** The sample app with one tally, a draft begun at `sinceMs`. */
function withDraft(sinceMs: number | null, filled = 4) {
  const app = sampleApp();
  const [station] = app.witness?.stations ?? [];
  const [tally] = station?.tallies ?? [];
  if (app.witness === null || station === undefined || tally === undefined) {
    throw new Error("the sample is empty");
  }
  const life = {
    state: "draft",
    since_ms: sinceMs,
    received_at_ms: null,
    entrusted_at_ms: null,
    refusal: null,
    verdict: null,
  } as const;
  const draft = { ...tally, contest: tallyKey.contest, life, filled };
  return {
    ...app,
    witness: { ...app.witness, stations: [{ ...station, station: tallyKey.station, tallies: [draft] }] },
  };
}

describe("opening again", () => {
  it("goes to the screen on which the app was left", () => {
    const left = { address: addressOf({ screen: "check", tallyKey }), atMs: 2000 };
    expect(routeToOpen(withDraft(1000), left)).toEqual({ screen: "check", tallyKey });
  });

  it("leaves it to the figures at which section entry opens", () => {
    const left = {
      address: addressOf({ screen: "entry", tallyKey, section: "II", field: null }),
      atMs: 2000,
    };
    expect(routeToOpen(withDraft(1000), left)).toEqual({
      screen: "entry",
      tallyKey,
      section: null,
      field: null,
    });
  });

  it("goes to the draft that was begun after the last remembered screen", () => {
    const left = { address: addressOf(home), atMs: 1000 };
    expect(routeToOpen(withDraft(2000), left)).toEqual({
      screen: "entry",
      tallyKey,
      section: null,
      field: null,
    });
    expect(routeToOpen(withDraft(2000), null)).toMatchObject({ screen: "entry" });
  });

  it("stays home with nothing typed", () => {
    expect(routeToOpen(withDraft(null, 0), null)).toEqual(home);
    expect(routeToOpen({ ...withDraft(1), witness: null }, null)).toEqual(home);
  });

  it("remembers a route, and reads nothing from a damaged memory", () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as Storage;
    expect(recall(storage)).toBeNull();
    const route: Route = { screen: "entry", tallyKey, section: "IV", field: null };
    remember(storage, route, 7);
    expect(recall(storage)).toEqual({ address: addressOf(route), atMs: 7 });
    for (const damaged of ["{", "3", '{"address":3,"atMs":1}', "null"]) {
      kept.set("saksi.place", damaged);
      expect(recall(storage)).toBeNull();
    }
  });
});
