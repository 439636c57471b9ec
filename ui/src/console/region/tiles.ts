// The regions below as tiles: which class of colour a tile has. Tiles stand in the order of their codes, so that
// each keeps its place over the evening; a map's outlines would hide the small regions where most stations are.
import type { RegionRow } from "../../shared/generated/console";
import { arrived, share } from "./coverage";

/** What the tiles show. */
export const TILE_MEASURES = ["arrived", "photographed", "problems"] as const;
export type TileMeasure = (typeof TILE_MEASURES)[number];

/** Classes of a share of stations. A share is never rounded into `none` or `all`. */
export const TILE_CLASSES = ["none", "few", "many", "most", "all"] as const;
export type TileClass = (typeof TILE_CLASSES)[number];

export interface Tile {
  readonly row: RegionRow;
  /** Stations that the measure counts, and their share of all stations of the region. */
  readonly count: number;
  readonly share: number;
  readonly of: TileClass;
}

/** From which share of stations on the classes `many` and `most` begin. Problems are few where all is well. */
const BOUNDS: Record<TileMeasure, readonly [number, number]> = {
  arrived: [0.5, 0.9],
  photographed: [0.5, 0.9],
  problems: [0.05, 0.2],
};

function counted({ coverage }: RegionRow, measure: TileMeasure): number {
  switch (measure) {
    case "arrived":
      return arrived(coverage);
    case "photographed":
      return Math.min(coverage.photographed, coverage.stations);
    case "problems":
      return Math.min(coverage.conflicting + coverage.flagged, coverage.stations);
  }
}

function classOf(count: number, stations: number, [many, most]: readonly [number, number]): TileClass {
  if (count === 0) {
    return "none";
  }
  if (count >= stations) {
    return "all";
  }
  const part = share(count, stations);
  return part >= most ? "most" : part >= many ? "many" : "few";
}

export function tiles(rows: readonly RegionRow[], measure: TileMeasure): Tile[] {
  return [...rows]
    .sort((a, b) => a.region.code.localeCompare(b.region.code))
    .map((row) => {
      const [count, { stations }] = [counted(row, measure), row.coverage];
      return { row, count, share: share(count, stations), of: classOf(count, stations, BOUNDS[measure]) };
    });
}

/** The shares of a class, for the legend. */
export function boundsOf(of: TileClass, measure: TileMeasure): { from: number; to: number } {
  const [many, most] = BOUNDS[measure];
  switch (of) {
    case "none":
      return { from: 0, to: 0 };
    case "few":
      return { from: 0, to: many };
    case "many":
      return { from: many, to: most };
    case "most":
      return { from: most, to: 1 };
    case "all":
      return { from: 1, to: 1 };
  }
}
