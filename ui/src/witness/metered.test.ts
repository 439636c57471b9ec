import { expect, test } from "vitest";
import { isMetered } from "./metered";

test("only what is known to cost nothing is free", () => {
  expect(isMetered({ connection: { type: "wifi" } })).toBe(false);
  expect(isMetered({ connection: { type: "ethernet", saveData: false } })).toBe(false);
  expect(isMetered({ connection: { type: "wifi", saveData: true } })).toBe(true);
  expect(isMetered({ connection: { type: "cellular" } })).toBe(true);
  expect(isMetered({ connection: {} })).toBe(true);
  expect(isMetered({})).toBe(true);
});
