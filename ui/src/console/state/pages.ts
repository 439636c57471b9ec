// A list that comes in pages, as one.
import type { StationCursor, StationList } from "../../shared/generated/console";

/** The first `wanted` pages in one list, or fewer where it ends before. */
export async function manyPages(
  load: (after: StationCursor | null) => Promise<StationList>,
  wanted: number,
): Promise<StationList> {
  return joinedPages(load, wanted, joinedStations);
}

/** Two pages of stations as one. */
export const joinedStations = (list: StationList, following: StationList): StationList => ({
  ...following,
  stations: [...list.stations, ...following.stations],
});

/** The first `wanted` pages of any list, joined as `join` says. */
export async function joinedPages<Cursor, Page extends { readonly next: Cursor | null }>(
  load: (after: Cursor | null) => Promise<Page>,
  wanted: number,
  join: (before: Page, following: Page) => Page,
): Promise<Page> {
  let list = await load(null);
  for (let page = 1; page < wanted && list.next !== null; page += 1) {
    list = join(list, await load(list.next));
  }
  return list;
}

/** A list with what follows it. What moved from one page to the next while they were read is there once. */
export function appended<Row>(
  before: readonly Row[],
  following: readonly Row[],
  keyOf: (row: Row) => string | number,
): Row[] {
  const known = new Set(before.map(keyOf));
  return [...before, ...following.filter((row) => !known.has(keyOf(row)))];
}
