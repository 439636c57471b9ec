// Which pages of a paper are photographed, and how they are named in a few words.
import type { PageView } from "../../shared/generated/witness";

/** How a page stands: without a photo, with one, or with one that is to be looked at again. */
export type PageState = "none" | "there" | "check";

/** Number of pages from which one is shown at a time. */
const MANY_PAGES = 5;

export function hasManyPages(pages: readonly PageView[]): boolean {
  return pages.length >= MANY_PAGES;
}

export function stateOfPage({ page, photo }: PageView): PageState {
  if (photo === null) {
    return "none";
  }
  const wrong = photo.seen !== null && photo.seen.page !== null && photo.seen.page !== page;
  const faulty = (photo.seen?.issues.length ?? 0) > 0 || photo.refusal !== null;
  return wrong || faulty ? "check" : "there";
}

/** The pages without a photo. */
export function missingPages(pages: readonly PageView[]): number[] {
  return pages.filter((page) => page.photo === null).map((page) => page.page);
}

/** The next page without a photo after `page`, or else from the front; `null` when none is missing. */
export function nextMissing(pages: readonly PageView[], page: number): number | null {
  const missing = missingPages(pages);
  return missing.find((each) => each > page) ?? missing[0] ?? null;
}

/** A dash at which no line ends. */
const TO = "\u2060–\u2060";

/** "2, 5–8, 20": runs of three and more are written with their ends. */
export function inRuns(numbers: readonly number[]): string {
  const runs: number[][] = [];
  for (const number of numbers) {
    const run = runs[runs.length - 1];
    if (run !== undefined && run[run.length - 1] === number - 1) {
      run.push(number);
    } else {
      runs.push([number]);
    }
  }
  return runs
    .map((run) => (run.length < 3 ? run.join(", ") : [run[0], run[run.length - 1]].join(TO)))
    .join(", ");
}
