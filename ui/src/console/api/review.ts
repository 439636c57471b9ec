// The endpoint's web API about review: the queue, the keys with which coordinators sign, and what they signed.
import type {
  ContestId,
  QueueView,
  RegionCode,
  ReviewKeyRequest,
  ReviewKeyView,
  RevokeKeyRequest,
  StationId,
  TakeRequest,
  VerdictRequest,
} from "../../shared/generated/console";
import { query, type Transport } from "./transport";

export class ReviewApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  queue(contest: ContestId, region: RegionCode | null, signal?: AbortSignal): Promise<QueueView> {
    return this.#transport.get("/api/review/queue" + query({ contest, region }), signal);
  }

  /** Takes the next station, or a certain one. What the user had before is given back. */
  take(request: TakeRequest): Promise<QueueView> {
    return this.#transport.post("/api/review/queue/take", request);
  }

  async release(): Promise<void> {
    await this.#transport.post("/api/review/queue/release", {});
  }

  /** All coordinators' keys, the newest first. */
  keys(signal?: AbortSignal): Promise<ReviewKeyView[]> {
    return this.#transport.get("/api/review-keys", signal);
  }

  enrolKey(request: ReviewKeyRequest): Promise<ReviewKeyView> {
    return this.#transport.post("/api/review-keys", request);
  }

  revokeKey(key: string, because: string): Promise<ReviewKeyView> {
    const request = { because } satisfies RevokeKeyRequest;
    return this.#transport.post(`/api/review-keys/${encodeURIComponent(key)}/revoke`, request);
  }

  /** Gives the endpoint what was signed. The same again changes nothing. */
  async decide(station: StationId, request: VerdictRequest): Promise<void> {
    await this.#transport.post(`/api/stations/${encodeURIComponent(station)}/verdicts`, request);
  }
}
