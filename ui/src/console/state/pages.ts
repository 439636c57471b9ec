// A list that comes in pages, as one.
import type { StationCursor, StationList } from "../../shared/generated/console";

/** The first `wanted` pages in one list, or fewer where it ends before. */
export async function manyPages(
  load: (after: StationCursor | null) => Promise<StationList>,
  wanted: number,
): Promise<StationList> {
  let list = await load(null);
  for (let page = 1; page < wanted && list.next !== null; page += 1) {
    const following = await load(list.next);
    list = { ...following, stations: [...list.stations, ...following.stations] };
  }
  return list;
}
