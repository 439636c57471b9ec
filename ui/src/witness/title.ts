// What the bar on top of a tally's screens says under its title.
import { formatStationNumber } from "../shared/format";
import type { TallyView } from "../shared/generated/witness";
import { t } from "./text/t";

/** "TPS 014 Karang Melati". */
export function stationLine(view: TallyView): string {
  return t("entry.station", {
    number: formatStationNumber(view.number),
    desa: view.regions[0] ?? "",
  });
}
