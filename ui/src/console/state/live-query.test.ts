// What stays on the screen, what goes, and when the next poll happens.
import { beforeEach, describe, expect, it } from "vitest";
import { RequestFailed } from "../api/failure";
import { LiveQuery } from "./live-query.svelte";
import type { Environment } from "./environment";

/** An environment whose time stands still until it is moved, and an endpoint that answers when the test says so. */
class TestEnvironment implements Environment {
  timeMs = 1_000;
  visible = true;
  waiting: { delayMs: number; action: () => void }[] = [];
  back: () => void = () => undefined;
  polls: { name: string; answer: (value: string) => Promise<void>; fail: () => Promise<void> }[] = [];

  nowMs = (): number => this.timeMs;
  random = (): number => 0.5;
  isVisible = (): boolean => this.visible;
  onReturn = (action: () => void): (() => void) => {
    this.back = action;
    return () => (this.back = () => undefined);
  };
  after = (delayMs: number, action: () => void): (() => void) => {
    const turn = { delayMs, action };
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
        this.polls.push({
          name,
          answer: (value) => settle(() => resolve(value)),
          fail: () => settle(() => reject(new RequestFailed({ code: "unreachable", detail: "" }))),
        });
      });
  }

  /** The latest poll. */
  get last() {
    return this.polls.at(-1) ?? expect.unreachable("nothing was polled");
  }

  /** Lets the delay pass. */
  pass(): void {
    const [turn] = this.waiting.splice(0);
    this.timeMs += turn?.delayMs ?? 0;
    turn?.action();
  }
}

let environment: TestEnvironment;
let live: LiveQuery<string>;

beforeEach(() => {
  environment = new TestEnvironment();
  live = new LiveQuery<string>(environment);
});

describe("a live query", () => {
  it("polls again after each answer and keeps the value while it does", async () => {
    live.watch("a", environment.ask("a"));
    await environment.last.answer("one");
    environment.pass();
    expect(environment.polls).toHaveLength(2);
    expect(live.value).toBe("one");
    await environment.last.answer("two");
    expect(live.value).toBe("two");
  });

  it("keeps the last value when the line is lost, and says since when", async () => {
    live.watch("a", environment.ask("a"));
    await environment.last.answer("one");
    environment.pass();
    const lost = environment.timeMs;
    await environment.last.fail();
    const first = environment.waiting[0]?.delayMs ?? 0;
    environment.pass();
    await environment.last.fail();
    expect(live).toMatchObject({ value: "one", lostAtMs: lost, failure: { code: "unreachable" } });
    expect(environment.waiting[0]?.delayMs).toBeGreaterThan(first);
    environment.pass();
    await environment.last.answer("two");
    expect(live).toMatchObject({ value: "two", lostAtMs: null, failure: null });
  });

  it("forgets the value of another key at once, and holds that of the same key as unsettled", async () => {
    const stop = live.watch("a", environment.ask("a"));
    await environment.last.answer("one");
    stop();
    live.watch("a", environment.ask("a, filtered"));
    expect(live).toMatchObject({ value: "one", settled: false });
    live.watch("b", environment.ask("b"));
    expect(live.value).toBeNull();
  });

  it("drops a late answer to an earlier query", async () => {
    const stop = live.watch("a", environment.ask("a"));
    const early = environment.last;
    stop();
    live.watch("b", environment.ask("b"));
    await environment.last.answer("of b");
    await early.answer("of a");
    expect(live.value).toBe("of b");
  });

  it("polls once more when it is refreshed during a poll", async () => {
    live.watch("a", environment.ask("a"));
    live.refresh();
    live.refresh();
    expect(environment.polls).toHaveLength(1);
    await environment.last.answer("one");
    expect(environment.polls).toHaveLength(2);
    await environment.last.answer("two");
    expect(environment.polls).toHaveLength(2);
  });

  it("rests while hidden and polls as soon as it is visible", async () => {
    live.watch("a", environment.ask("a"));
    environment.visible = false;
    await environment.last.answer("one");
    expect(environment.waiting).toHaveLength(0);
    environment.visible = true;
    environment.back();
    expect(environment.polls).toHaveLength(2);
  });

  it("polls nothing after it was stopped", async () => {
    const stop = live.watch("a", environment.ask("a"));
    await environment.last.answer("one");
    stop();
    expect(environment.waiting).toHaveLength(0);
    live.refresh();
    environment.back();
    expect(environment.polls).toHaveLength(1);
  });
});
