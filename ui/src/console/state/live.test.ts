// What stays on the screen, what goes, and when the next question is asked.
import { beforeEach, describe, expect, it } from "vitest";
import { RequestFailed } from "../api/failure";
import { Live } from "./live.svelte";
import type { World } from "./world";

/** A world whose time stands still until it is moved, and an endpoint that answers when it is told to. */
class Stage implements World {
  time_ms = 1_000;
  inSight = true;
  waiting: { delay_ms: number; action: () => void }[] = [];
  back: () => void = () => undefined;
  questions: { name: string; answer: (value: string) => Promise<void>; fail: () => Promise<void> }[] = [];

  now_ms = (): number => this.time_ms;
  chance = (): number => 0.5;
  seen = (): boolean => this.inSight;
  onBack = (action: () => void): (() => void) => {
    this.back = action;
    return () => (this.back = () => undefined);
  };
  after = (delay_ms: number, action: () => void): (() => void) => {
    const turn = { delay_ms, action };
    this.waiting.push(turn);
    return () => (this.waiting = this.waiting.filter((other) => other !== turn));
  };

  ask(name: string): () => Promise<string> {
    return () =>
      new Promise((resolve, reject) => {
        const settle = async (end: () => void): Promise<void> => {
          end();
          // Everything that hangs on the answer runs before the next turn of the event loop.
          await new Promise((done) => setTimeout(done));
        };
        this.questions.push({
          name,
          answer: (value) => settle(() => resolve(value)),
          fail: () => settle(() => reject(new RequestFailed({ kind: "unreachable" }))),
        });
      });
  }

  /** The question that was asked last. */
  get last() {
    return this.questions.at(-1) ?? expect.unreachable("nothing was asked");
  }

  /** Lets the pause go by. */
  pass(): void {
    const [turn] = this.waiting.splice(0);
    this.time_ms += turn?.delay_ms ?? 0;
    turn?.action();
  }
}

let stage: Stage;
let live: Live<string>;

beforeEach(() => {
  stage = new Stage();
  live = new Live<string>(stage);
});

describe("live", () => {
  it("asks again after each answer and keeps the value while it does", async () => {
    live.watch("a", stage.ask("a"));
    await stage.last.answer("one");
    stage.pass();
    expect(stage.questions).toHaveLength(2);
    expect(live.value).toBe("one");
    await stage.last.answer("two");
    expect(live.value).toBe("two");
  });

  it("keeps the last value when the line is lost, and says since when", async () => {
    live.watch("a", stage.ask("a"));
    await stage.last.answer("one");
    stage.pass();
    const lost = stage.time_ms;
    await stage.last.fail();
    const first = stage.waiting[0]?.delay_ms ?? 0;
    stage.pass();
    await stage.last.fail();
    expect(live).toMatchObject({ value: "one", lost_ms: lost, failure: { kind: "unreachable" } });
    expect(stage.waiting[0]?.delay_ms).toBeGreaterThan(first);
    stage.pass();
    await stage.last.answer("two");
    expect(live).toMatchObject({ value: "two", lost_ms: null, failure: null });
  });

  it("forgets the value of another key at once, and holds that of the same key as unsettled", async () => {
    const stop = live.watch("a", stage.ask("a"));
    await stage.last.answer("one");
    stop();
    live.watch("a", stage.ask("a, filtered"));
    expect(live).toMatchObject({ value: "one", settled: false });
    live.watch("b", stage.ask("b"));
    expect(live.value).toBeNull();
  });

  it("takes no late answer to an earlier question", async () => {
    const stop = live.watch("a", stage.ask("a"));
    const early = stage.last;
    stop();
    live.watch("b", stage.ask("b"));
    await stage.last.answer("of b");
    await early.answer("of a");
    expect(live.value).toBe("of b");
  });

  it("asks once more when it is told to while a question is open", async () => {
    live.watch("a", stage.ask("a"));
    live.again();
    live.again();
    expect(stage.questions).toHaveLength(1);
    await stage.last.answer("one");
    expect(stage.questions).toHaveLength(2);
    await stage.last.answer("two");
    expect(stage.questions).toHaveLength(2);
  });

  it("rests out of sight and asks as soon as it is seen", async () => {
    live.watch("a", stage.ask("a"));
    stage.inSight = false;
    await stage.last.answer("one");
    expect(stage.waiting).toHaveLength(0);
    stage.inSight = true;
    stage.back();
    expect(stage.questions).toHaveLength(2);
  });

  it("asks nothing after it was stopped", async () => {
    const stop = live.watch("a", stage.ask("a"));
    await stage.last.answer("one");
    stop();
    expect(stage.waiting).toHaveLength(0);
    live.again();
    stage.back();
    expect(stage.questions).toHaveLength(1);
  });
});
