// The keys of the station's screen.

export type Action =
  | { readonly does: "station"; readonly step: -1 | 1 }
  | { readonly does: "field"; readonly step: -1 | 1 }
  | { readonly does: "page"; readonly page: number }
  | { readonly does: Decision }
  | { readonly does: "witness" | "magnify" | "nearer" | "farther" | "turn" | "whole" | "superseded" };

/** What the keys of the review queue decide. */
export type Decision =
  "verify" | "dispute" | "wrong_station" | "correct" | "ask" | "whose" | "undo" | "skip" | "return" | "help";

/** What is needed to know of a key press. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["j", { does: "station", step: 1 }],
  ["k", { does: "station", step: -1 }],
  ["arrowdown", { does: "field", step: 1 }],
  ["arrowup", { does: "field", step: -1 }],
  ["w", { does: "witness" }],
  ["z", { does: "magnify" }],
  ["+", { does: "nearer" }],
  ["=", { does: "nearer" }],
  ["-", { does: "farther" }],
  ["r", { does: "turn" }],
  ["0", { does: "whole" }],
  ["h", { does: "superseded" }],
]);

/** The keys of the review queue, in place of those of a station's page. */
const decisions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["v", { does: "verify" }],
  ["d", { does: "dispute" }],
  ["w", { does: "wrong_station" }],
  ["c", { does: "correct" }],
  ["p", { does: "ask" }],
  ["s", { does: "whose" }],
  ["u", { does: "undo" }],
  ["j", { does: "skip" }],
  ["k", { does: "return" }],
  ["?", { does: "help" }],
  ["f", { does: "witness" }],
]);

/** What a key asks for; null when it is none of ours, or belongs to the browser. */
export function actionOf(press: Press, inQueue = false): Action | null {
  if (press.ctrlKey || press.altKey || press.metaKey) {
    return null;
  }
  if (/^[1-9]$/.test(press.key)) {
    return { does: "page", page: Number(press.key) };
  }
  const key = press.key.toLowerCase();
  return (inQueue ? decisions.get(key) : undefined) ?? actions.get(key) ?? null;
}

/** Whether somebody types or chooses in `element`, so that the keys are not ours. */
export function takesKeys(element: EventTarget | null): boolean {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName))
  );
}
