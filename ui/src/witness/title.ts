// How a station is named on these screens.
import { formatStationNumber } from "../shared/format";
import type { StationKind } from "../shared/generated/witness";
import { t } from "./text/t";

/** The kind of a station as the paper prints it. */
export function kindName(kind: StationKind): string {
  return kind.toUpperCase();
}

/** "TPS 014", "POS 001". */
export function stationName(kind: StationKind, number: number): string {
  return `${kindName(kind)} ${formatStationNumber(number)}`;
}

/** A station and the desa in which it lies: "TPS 014 Karang Melati". */
export function stationLine(kind: StationKind, number: number, regions: readonly string[]): string {
  return t("entry.station", { station: stationName(kind, number), desa: regions[0] ?? "" });
}
