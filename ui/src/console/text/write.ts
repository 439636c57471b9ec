// Names as the console writes them, in the chosen language.
import { formatStationNumber } from "../../shared/format";
import type { RegionCode, StationId } from "../../shared/generated/console";
import { t, type Key } from "./t";

/** The number of a TPS as the paper writes it: `014`. */
export function stationNumber(station: StationId): string {
  return formatStationNumber(Number(station.slice(station.lastIndexOf("-") + 1)));
}

/** The code of the desa in which a station is. */
export function desaOf(station: StationId): RegionCode {
  return station.slice(0, station.lastIndexOf("-"));
}

const LEVELS = ["provinsi", "kabupaten", "kecamatan", "desa"] as const;

/** How many regions of which level, for instance "10 kabupaten/kota". */
export function regionCount(codes: readonly RegionCode[]): string {
  const level = LEVELS[(codes[0] ?? "").split(".").length - 1] ?? "desa";
  return t(`region.count.${level}` satisfies Key, { count: codes.length });
}

/** The start of a long hex name, enough to tell two apart by eye. */
export function shortName(hex: string): string {
  return `${hex.slice(0, 4)} ${hex.slice(4, 8)}`;
}
