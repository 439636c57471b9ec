import { describe, expect, it } from "vitest";
import type { Typed } from "./figure";
import { SaveQueue } from "./save-queue";

interface Write {
  field: string;
  figure: Typed;
  answer(view: string): void;
  fail(): void;
}

/** A disk whose every write waits until the test answers it. */
function slowDisk() {
  const writes: Write[] = [];
  const answers: string[] = [];
  const failures: unknown[] = [];
  const queue = new SaveQueue<string>(
    (field, figure) =>
      new Promise((resolve, reject) => {
        writes.push({ field, figure, answer: resolve, fail: () => reject(new Error("disk full")) });
      }),
    {
      answered: (view) => answers.push(view),
      changed: () => undefined,
      failed: (error) => failures.push(error),
    },
  );
  const at = (index: number): Write => {
    const write = writes[index];
    if (write === undefined) {
      throw new Error(`no write ${index} yet, only ${writes.length}`);
    }
    return write;
  };
  return { queue, writes, answers, failures, at };
}

/** Lets every promise that can go on, go on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}

describe("the save queue", () => {
  it("writes the first keystroke at once", () => {
    const { queue, at } = slowDisk();
    queue.type("IV.1", { written: 1 });
    expect(at(0)).toMatchObject({ field: "IV.1", figure: { written: 1 } });
  });

  it("keeps one write under way and lets the newest keystroke of a field win", async () => {
    const { queue, writes, at } = slowDisk();
    queue.type("IV.1", { written: 1 });
    queue.type("IV.1", { written: 12 });
    queue.type("IV.1", { written: 128 });
    expect(writes).toHaveLength(1);
    at(0).answer("first");
    await settled();
    expect(writes).toHaveLength(2);
    expect(at(1).figure).toEqual({ written: 128 });
  });

  it("says what is not confirmed yet, newest first in each field", async () => {
    const { queue, at } = slowDisk();
    queue.type("IV.1", { written: 1 });
    queue.type("IV.1", { written: 12 });
    queue.type("IV.2", "blank");
    expect([...queue.unsaved()]).toEqual([
      ["IV.1", { written: 12 }],
      ["IV.2", "blank"],
    ]);
    for (const index of [0, 1, 2]) {
      at(index).answer(`view ${index}`);
      await settled();
    }
    expect(queue.unsaved().size).toBe(0);
  });

  it("runs a job only after all figures typed before it, and gives it the last word", async () => {
    const { queue, answers, at } = slowDisk();
    queue.type("IV.1", { written: 1 });
    const sealed = queue.after(() => Promise.resolve("sealed"));
    expect(answers).toEqual([]);
    at(0).answer("saved");
    await expect(sealed).resolves.toBe("sealed");
    expect(answers).toEqual(["saved", "sealed"]);
  });

  it("keeps a figure that could not be written, refuses the jobs behind it, and writes it on retry", async () => {
    const { queue, failures, at } = slowDisk();
    queue.type("IV.1", { written: 5 });
    const sealed = queue.after(() => Promise.resolve("sealed"));
    at(0).fail();
    await expect(sealed).rejects.toThrow("disk full");
    expect(failures).toHaveLength(1);
    expect([...queue.unsaved()]).toEqual([["IV.1", { written: 5 }]]);
    queue.retry();
    expect(at(1).figure).toEqual({ written: 5 });
  });

  it("prefers a newer keystroke to the one that failed", async () => {
    const { queue, at } = slowDisk();
    queue.type("IV.1", { written: 5 });
    queue.type("IV.1", { written: 57 });
    at(0).fail();
    await settled();
    expect([...queue.unsaved()]).toEqual([["IV.1", { written: 57 }]]);
  });

  it("rejects the promise of a job that fails, and goes on", async () => {
    const { queue, at } = slowDisk();
    await expect(queue.after(() => Promise.reject(new Error("not sealed")))).rejects.toThrow("not sealed");
    queue.type("IV.1", { written: 1 });
    expect(at(0).figure).toEqual({ written: 1 });
  });
});
