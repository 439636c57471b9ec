// What the home screen says of one contest at a station, and where it leads.
import type { StationView, TallyCard } from "../../shared/generated/witness";
import { moment } from "../../shared/text/write";
import type { NextStep } from "../next-step";
import { keyOfCard } from "../rounds";
import type { Route } from "../route";
import { t } from "../text/t";
import { phoneMoment } from "../text/write";

/** The screen of a contest: entry for a draft, otherwise the proof. */
export function routeOfCard({ station }: StationView, card: TallyCard): Route {
  const tallyKey = keyOfCard(station, card);
  return card.life.state === "draft"
    ? { screen: "entry", tallyKey, section: null, field: null }
    : { screen: "proof", tallyKey };
}

/** The screen of the next step at a station. */
export function routeOfStep(at: StationView, { act, card }: NextStep): Route {
  const tallyKey = keyOfCard(at.station, card);
  switch (act) {
    case "check":
      return { screen: "check", tallyKey };
    case "photograph":
      return { screen: "photos", tallyKey };
    default:
      return routeOfCard(at, card);
  }
}

/** How far a contest is, in a few words. */
export function progressOfCard(at: StationView, card: TallyCard): string {
  const { filled, fields, life } = card;
  if (life.state === "draft") {
    return card.open_faults > 0
      ? t("home.card.faults", { faults: card.open_faults })
      : t("home.card.filled", { filled, fields });
  }
  if (life.entrusted_at_ms !== null && life.state === "sealed") {
    return t("hall.card");
  }
  return card.pages_photographed < card.pages
    ? t("home.card.photos", { photographed: card.pages_photographed, pages: card.pages })
    : timeOfCard(at, card);
}

/** When a sealed tally arrived by the endpoint's clock; until then, when it was sealed by the phone's. */
export function timeOfCard({ station }: StationView, { life }: TallyCard): string {
  if (life.received_at_ms !== null) {
    return moment(life.received_at_ms, station);
  }
  return life.since_ms === null ? "" : phoneMoment(life.since_ms, station);
}
