// The endpoint's web API about what leaves it: dossiers, exports and tokens; and about projections and patterns.
import type {
  ApiTokenView,
  ContestId,
  NewApiToken,
  NewApiTokenRequest,
  PatternsView,
  ProjectionView,
  RegionCode,
  StationId,
} from "../../shared/generated/console";
import { query, type Transport } from "./transport";

/** The forms in which results leave. */
export const FORMATS = ["csv", "xlsx", "nist"] as const;
export type Format = (typeof FORMATS)[number];

/** Timeout until the first byte of a file: a workbook of the nation is complete before it is sent. */
const FILE_TIMEOUT_MS = 600_000;

export class AnalysisApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  projection(contest: ContestId, signal?: AbortSignal): Promise<ProjectionView> {
    return this.#transport.get("/api/projection" + query({ contest }), signal);
  }

  patterns(contest: ContestId, region: RegionCode | null, signal?: AbortSignal): Promise<PatternsView> {
    return this.#transport.get("/api/patterns" + query({ contest, region }), signal);
  }

  /** A file that is read while it arrives. */
  results(contest: ContestId, region: RegionCode | null, format: Format): Promise<Response> {
    return this.#file("/api/exports/results" + query({ contest, region, format }));
  }

  /** The dossier of one station or of several. */
  dossier(contest: ContestId, stations: readonly StationId[], names: boolean): Promise<Response> {
    const asked = { contest, names: names ? "true" : null };
    const [only] = stations;
    return only !== undefined && stations.length === 1
      ? this.#file(`/api/stations/${encodeURIComponent(only)}/dossier` + query(asked))
      : this.#file("/api/dossiers" + query({ ...asked, stations: stations.join(",") }));
  }

  tokens(signal?: AbortSignal): Promise<ApiTokenView[]> {
    return this.#transport.get("/api/tokens", signal);
  }

  /** The only answer that has the token. */
  addToken(request: NewApiTokenRequest): Promise<NewApiToken> {
    return this.#transport.post("/api/tokens", request);
  }

  revokeToken(token: number): Promise<ApiTokenView[]> {
    return this.#transport.post(`/api/tokens/${token}/revoke`, {});
  }

  #file(address: string): Promise<Response> {
    return this.#transport.answer(address, {}, FILE_TIMEOUT_MS);
  }
}
