// A list that comes in pages and is kept up to date: as many of its first pages as the reader has asked for.
import { LiveQuery } from "./live-query.svelte";
import { joinedPages } from "./pages";

export class PagedQuery<Cursor, Page extends { readonly next: Cursor | null }> extends LiveQuery<Page> {
  #wanted = 1;

  /** As `watch`, from the first page on. `load` gives the page behind a cursor, and `join` two pages as one. */
  watchPages(
    key: string,
    load: (after: Cursor | null, signal: AbortSignal) => Promise<Page>,
    join: (before: Page, following: Page) => Page,
  ): () => void {
    this.#wanted = 1;
    return this.watch(key, (signal) =>
      joinedPages((after: Cursor | null) => load(after, signal), this.#wanted, join),
    );
  }

  /** Reads one page more; null where there is none. */
  get more(): (() => void) | null {
    return this.value === null || this.value.next === null ? null : this.#oneMore;
  }

  readonly #oneMore = (): void => {
    this.#wanted += 1;
    this.refresh();
  };
}
