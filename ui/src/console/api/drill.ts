// The endpoint's web API about drills: the class of a hall, its report, and how far witnesses have practised.
import type {
  DrillOrder,
  DrillReportView,
  DrillView,
  ReadinessView,
  RegionCode,
  UnreadyStations,
} from "../../shared/generated/console";
import { query, type Transport } from "./transport";

/** Where the report of the class is as a PDF. */
export function drillReportAddress(language: string): string {
  return "/api/drill/report.pdf" + query({ language });
}

export class DrillApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  class(signal?: AbortSignal): Promise<DrillView> {
    return this.#transport.get("/api/drill", signal);
  }

  order(order: DrillOrder): Promise<DrillView> {
    return this.#transport.post("/api/drill", order);
  }

  report(signal?: AbortSignal): Promise<DrillReportView> {
    return this.#transport.get("/api/drill/report", signal);
  }

  /** The readiness of a region; of the whole reach of the user when `region` is null. */
  readiness(region: RegionCode | null, signal?: AbortSignal): Promise<ReadinessView> {
    const path = region === null ? "/api/readiness" : `/api/readiness/${encodeURIComponent(region)}`;
    return this.#transport.get(path, signal);
  }

  unready(region: RegionCode | null, after: string | null, signal?: AbortSignal): Promise<UnreadyStations> {
    return this.#transport.get("/api/readiness-stations" + query({ region, after }), signal);
  }
}
