// Keeps the page itself off the paper while there are sheets to print.

/** Call it while a component is set up. `kind` names the sheets in the style of the page. */
export function printsOnly(kind: "slips" | "letters", isAny: () => boolean): void {
  $effect(() => {
    if (!isAny()) {
      return undefined;
    }
    document.body.dataset["printing"] = kind;
    return () => delete document.body.dataset["printing"];
  });
}
