// The keys of the station's screen.

export type Action =
  | { readonly does: "station"; readonly step: -1 | 1 }
  | { readonly does: "field"; readonly step: -1 | 1 }
  | { readonly does: "page"; readonly page: number }
  | { readonly does: "witness" | "magnify" | "nearer" | "farther" | "turn" | "whole" | "superseded" };

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

/** What a key asks for; null when it is none of ours, or belongs to the browser. */
export function actionOf(press: Press): Action | null {
  if (press.ctrlKey || press.altKey || press.metaKey) {
    return null;
  }
  if (/^[1-9]$/.test(press.key)) {
    return { does: "page", page: Number(press.key) };
  }
  return actions.get(press.key.toLowerCase()) ?? null;
}

/** Whether somebody types or chooses in `element`, so that the keys are not ours. */
export function takesKeys(element: EventTarget | null): boolean {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName))
  );
}
