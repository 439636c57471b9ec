// Times of the phone's own clock, named as such.
import { moment, type Where } from "../../shared/text/write";
import { t } from "./t";

/** A moment by this phone's clock, which may be wrong: `20.41 WITA jam HP`. */
export function phoneMoment(ms: number, where: Where): string {
  return t("time.by_device", { time: moment(ms, where) });
}
