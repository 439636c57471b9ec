// Keys mean the same with and without Caps Lock, and leave the browser its own.
import { describe, expect, it } from "vitest";
import { actionOf } from "./shortcuts";

const press = (key: string, modifiers: Partial<Record<"ctrlKey" | "altKey" | "metaKey", boolean>> = {}) =>
  actionOf({ key, ctrlKey: false, altKey: false, metaKey: false, ...modifiers });

describe("keys", () => {
  it("go from station to station and from page to page", () => {
    expect(press("j")).toEqual({ does: "station", step: 1 });
    expect(press("K")).toEqual({ does: "station", step: -1 });
    expect(press("3")).toEqual({ does: "page", page: 3 });
  });

  it("show the whole page on zero, which is no page", () => {
    expect(press("0")).toEqual({ does: "whole" });
  });

  it("leave the browser's shortcuts alone", () => {
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("1", { altKey: true })).toBeNull();
    expect(press("ArrowDown", { metaKey: true })).toBeNull();
  });

  it("mean nothing otherwise", () => {
    expect(press("Tab")).toBeNull();
    expect(press("constructor")).toBeNull();
  });

  it("decides in the review queue, and only there", () => {
    const press = (key: string): Parameters<typeof actionOf>[0] => ({
      ...{ key, ctrlKey: false, altKey: false, metaKey: false },
    });
    const keys = ["v", "d", "w", "c", "p", "s", "u", "j", "k", "?"];
    const done = keys.map((key) => actionOf(press(key), true)?.does);
    const words = [
      "verify",
      "dispute",
      "wrong_station",
      "correct",
      "ask",
      "whose",
      "undo",
      "skip",
      "return",
      "help",
    ];
    expect(done).toEqual(words);
    expect(actionOf(press("v"))).toBeNull();
    expect(actionOf(press("w"))?.does).toBe("witness");
    expect(actionOf(press("z"), true)?.does).toBe("magnify");
  });
});
