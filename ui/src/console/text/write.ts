// Names as the console writes them, in the chosen language.
import type { RegionRow, StationId } from "../../shared/generated/console";
import { t } from "./t";

/** A station by its kind and number, as the paper writes it: `TPS 014`, `KSK 002`. */
export function stationName({ station }: { readonly station: StationId }): string {
  const [, kind = "", number = ""] = /-([A-Z]*)([0-9]+)$/.exec(station) ?? [];
  return `${kind === "" ? "TPS" : kind} ${number}`;
}

/** How many regions of which level, for instance "10 kabupaten/kota". */
export function regionCount(rows: readonly RegionRow[]): string {
  return t(`region.count.${rows[0]?.level ?? "desa"}`, { count: rows.length });
}

/** The start of a long hex name, enough to tell two apart by eye. */
export function shortName(hex: string): string {
  return `${hex.slice(0, 4)} ${hex.slice(4, 8)}`;
}
