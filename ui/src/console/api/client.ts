// The endpoint's web API, one method for each address.
import type {
  AccountView,
  AuditView,
  CompareRequest,
  ContestId,
  CropsView,
  DeviceList,
  DeviceView,
  Imported,
  InvitationList,
  InvitationView,
  InviteRequest,
  LogComparison,
  LoginRequest,
  NewAccountRequest,
  NewInvitation,
  NewPassword,
  RoleRequest,
  LogView,
  OriginalRequest,
  PhotoRequestRequest,
  VerdictRequest,
  Problem,
  RegionCode,
  RegionView,
  RevokeRequest,
  SeatsView,
  SessionView,
  Standing,
  StationCursor,
  StationId,
  StationList,
  StationView,
} from "../../shared/generated/console";
import { allStations, type FiguresOf, type Sort } from "../route";
import { RequestFailed, type Failure } from "./failure";

export interface StationQuery {
  readonly contest: ContestId;
  readonly region: RegionCode | null;
  readonly standing: Standing | null;
  readonly flagged: boolean;
  readonly missingPhotos: boolean;
  readonly sort: Sort | null;
  readonly search: string;
  readonly after: StationCursor | null;
}

export interface InvitationQuery {
  readonly region: RegionCode | null;
  readonly search: string;
  /** The last invitation of the page before. */
  readonly before: number | null;
}

/** Timeout of a request. The next try may find a better line. */
const TIMEOUT_MS = 20_000;
/** Timeout of an import: a file of many photos over a slow line. */
const IMPORT_TIMEOUT_MS = 600_000;

export class Client {
  /** Called when the endpoint says that nobody is logged in. */
  onLoginNeeded: () => void = () => undefined;

  readonly #fetch: typeof globalThis.fetch;

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  session(): Promise<SessionView> {
    return this.#get("/api/session");
  }

  login(request: LoginRequest): Promise<SessionView> {
    return this.#post("/api/login", request);
  }

  async logout(): Promise<void> {
    await this.#answer("/api/logout", { method: "POST" });
  }

  /** The region's figures; of the whole reach of the user when `region` is null. */
  region(region: RegionCode | null, { kind, contest }: FiguresOf, signal?: AbortSignal): Promise<RegionView> {
    const path = region === null ? "/api/regions" : `/api/regions/${encodeURIComponent(region)}`;
    return this.#get(path + query(contest === null ? { kind } : { contest }), signal);
  }

  /** The seats that the present sums of a district would give. */
  seats(contest: ContestId, signal?: AbortSignal): Promise<SeatsView> {
    return this.#get("/api/seats" + query({ contest }), signal);
  }

  stations(filter: StationQuery, signal?: AbortSignal): Promise<StationList> {
    const given = {
      contest: filter.contest,
      region: filter.region,
      standing: filter.standing,
      flagged: filter.flagged ? "true" : null,
      missing_photos: filter.missingPhotos ? "true" : null,
      sort: filter.sort,
      search: filter.search.trim(),
      after: filter.after,
    };
    return this.#get("/api/stations" + query(given), signal);
  }

  /** The first page of all stations of a region. */
  allStations(region: RegionCode | null, contest: ContestId, signal?: AbortSignal): Promise<StationList> {
    return this.stations({ ...allStations({ kind: null, contest }, region), contest, after: null }, signal);
  }

  station(station: StationId, contest: ContestId, signal?: AbortSignal): Promise<StationView> {
    return this.#get(`/api/stations/${encodeURIComponent(station)}` + query({ contest }), signal);
  }

  invitations(filter: InvitationQuery, signal?: AbortSignal): Promise<InvitationList> {
    const before = filter.before === null ? null : String(filter.before);
    return this.#get("/api/invitations" + query({ ...filter, before, search: filter.search.trim() }), signal);
  }

  /** The only answer that has the codes. */
  invite(request: InviteRequest): Promise<NewInvitation[]> {
    return this.#post("/api/invitations", request);
  }

  withdraw(invitation: number): Promise<InvitationView> {
    return this.#post(`/api/invitations/${invitation}/withdraw`, {});
  }

  accounts(signal?: AbortSignal): Promise<AccountView[]> {
    return this.#get("/api/accounts", signal);
  }

  /** The only answer that has the password; so is that of `newPassword`. */
  addAccount(request: NewAccountRequest): Promise<NewPassword> {
    return this.#post("/api/accounts", request);
  }

  newPassword(user: string): Promise<NewPassword> {
    return this.#post(`${accountAddress(user)}/password`, {});
  }

  changeRole(user: string, request: RoleRequest): Promise<AccountView[]> {
    return this.#post(`${accountAddress(user)}/role`, request);
  }

  endSessions(user: string): Promise<AccountView[]> {
    return this.#post(`${accountAddress(user)}/sessions/end`, {});
  }

  removeAccount(user: string): Promise<AccountView[]> {
    return this.#post(`${accountAddress(user)}/remove`, {});
  }

  audit(before: number | null, search: string, signal?: AbortSignal): Promise<AuditView> {
    const given = { before: before === null ? null : String(before), search: search.trim() };
    return this.#get("/api/audit" + query(given), signal);
  }

  log(signal?: AbortSignal): Promise<LogView> {
    return this.#get("/api/log", signal);
  }

  /** Compares an older checkpoint, or a fingerprint, with the log. */
  compare(kept: string): Promise<LogComparison> {
    return this.#post("/api/log/compare", { kept } satisfies CompareRequest);
  }

  /** A page of the phones in whose chains something is missing or forks. */
  troubledDevices(
    { region, search, after }: { region: RegionCode | null; search: string; after: string | null },
    signal?: AbortSignal,
  ): Promise<DeviceList> {
    return this.#get(
      "/api/devices" + query({ region, troubled: "true", search: search.trim(), after }),
      signal,
    );
  }

  revoke(device: string, request: RevokeRequest): Promise<DeviceView> {
    return this.#post(`/api/devices/${encodeURIComponent(device)}/revoke`, request);
  }

  /** A bundle, or a picture of a QR code, that came by hand. It may be long, so it has its own timeout. */
  import(file: Blob): Promise<Imported> {
    const headers = { "content-type": "application/octet-stream" };
    return this.#json("/api/imports", { method: "POST", headers, body: file }, IMPORT_TIMEOUT_MS);
  }

  /** The pieces of a photo that has arrived on which figures stand. */
  crops(hash: string, contest: ContestId, signal: AbortSignal): Promise<CropsView> {
    return this.#get(`${photoAddress(hash)}/crops?contest=${encodeURIComponent(contest)}`, signal);
  }

  /** Decides on a tally. The witness reads the decision. */
  async decide(station: StationId, request: VerdictRequest): Promise<void> {
    await this.#post(`/api/stations/${encodeURIComponent(station)}/verdicts`, request);
  }

  /** Asks the witness who took a photo for the picture as the camera wrote it. */
  async requestOriginal(station: StationId, request: OriginalRequest): Promise<void> {
    await this.#post(`/api/stations/${encodeURIComponent(station)}/originals`, request);
  }

  /** Asks the witness who sealed a tally for another photo of a page. */
  async requestPhoto(station: StationId, request: PhotoRequestRequest): Promise<void> {
    await this.#post(`/api/stations/${encodeURIComponent(station)}/photo-requests`, request);
  }

  #get<T>(address: string, signal?: AbortSignal): Promise<T> {
    return this.#json<T>(address, signal === undefined ? {} : { signal });
  }

  #post<T>(address: string, body: unknown): Promise<T> {
    return this.#json<T>(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async #json<T>(address: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<T> {
    const response = await this.#answer(address, init, timeoutMs);
    try {
      return (await response.json()) as T;
    } catch {
      throw new RequestFailed(notTheEndpoint(response));
    }
  }

  async #answer(address: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<Response> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const giveUp = (): void => timeout.abort();
    init.signal?.addEventListener("abort", giveUp);
    let response: Response;
    try {
      response = await this.#fetch(address, {
        credentials: "same-origin",
        cache: "no-store",
        ...init,
        signal: timeout.signal,
      });
    } catch {
      throw new RequestFailed({ code: "unreachable", detail: "" });
    } finally {
      clearTimeout(timer);
      init.signal?.removeEventListener("abort", giveUp);
    }
    if (response.ok) {
      return response;
    }
    const problem = await problemIn(response);
    if (problem?.code === "login_needed") {
      this.onLoginNeeded();
    }
    throw new RequestFailed(problem === null ? notTheEndpoint(response) : refusal(problem, response));
  }
}

/** Where the picture of a photo that has arrived is. */
export function photoAddress(hash: string): string {
  return `/api/photos/${encodeURIComponent(hash)}`;
}

/** Where a statement's bytes are, exactly as they were signed. */
export function statementAddress(statement: string): string {
  return `/api/statements/${encodeURIComponent(statement)}`;
}

/** Where all that was received about a station is, as one file. */
export function bundleAddress(station: StationId): string {
  return `/api/stations/${encodeURIComponent(station)}/bundle`;
}

function accountAddress(user: string): string {
  return `/api/accounts/${encodeURIComponent(user)}`;
}

function query(parameters: Record<string, string | null>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

async function problemIn(response: Response): Promise<Problem | null> {
  const kind = response.headers.get("content-type") ?? "";
  if (!kind.startsWith("application/problem+json")) {
    return null;
  }
  try {
    return (await response.json()) as Problem;
  } catch {
    return null;
  }
}

function notTheEndpoint(response: Response): Failure {
  return { code: "not_the_endpoint", detail: `HTTP ${response.status}` };
}

function refusal({ code, detail }: Problem, response: Response): Failure {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const limited = Number.isFinite(seconds) && seconds > 0;
  return limited ? { code, detail, retryAfterS: Math.ceil(seconds) } : { code, detail };
}
