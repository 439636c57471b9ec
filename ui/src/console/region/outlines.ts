// The outlines of the regions below, as paths of a picture.
import { geoIdentity, geoPath } from "d3-geo";
import type { RegionCode, RegionOutline } from "../../shared/generated/console";

export const MAP_WIDTH = 720;
const HEIGHT_MAX = 480;
const MARGIN = 4;

export interface DrawnMap {
  /** Height of the picture; its width is `MAP_WIDTH`. */
  readonly height: number;
  /** The path of each region that has an outline. */
  readonly paths: ReadonlyMap<RegionCode, string>;
}

/**
 * Draws longitudes and latitudes as they are: Indonesia lies at the equator, where a degree is as long in both
 * directions but for two percent. Null without any outline.
 */
export function drawn(outlines: readonly RegionOutline[]): DrawnMap | null {
  const features = outlines
    .filter(({ rings }) => rings.length > 0)
    .map(({ code, rings }) => ({
      code,
      shape: { type: "MultiLineString" as const, coordinates: rings },
    }));
  if (features.length === 0) {
    return null;
  }
  const all = { type: "GeometryCollection" as const, geometries: features.map(({ shape }) => shape) };
  const projection = geoIdentity().reflectY(true);
  const box: [[number, number], [number, number]] = [
    [MARGIN, MARGIN],
    [MAP_WIDTH - MARGIN, HEIGHT_MAX - MARGIN],
  ];
  const path = geoPath(projection.fitExtent(box, all)).digits(1);
  const [[, top], [, bottom]] = path.bounds(all);
  // What is much wider than high has no empty strips above and below.
  const height = Math.ceil(bottom - top + 2 * MARGIN);
  projection.fitExtent(
    [
      [MARGIN, MARGIN],
      [MAP_WIDTH - MARGIN, height - MARGIN],
    ],
    all,
  );
  return {
    height,
    paths: new Map(features.map(({ code, shape }) => [code, path(shape) ?? ""])),
  };
}
