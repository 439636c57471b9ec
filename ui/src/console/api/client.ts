// The endpoint's web API, one method for each address.
import type {
  AccountView,
  AuditView,
  BoundariesView,
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
  OpenSession,
  OriginalRequest,
  PhotoRequestRequest,
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
import { AccountApi } from "./account";
import { AnalysisApi } from "./analysis";
import { DayApi } from "./day";
import { DrillApi } from "./drill";
import { OfficialApi } from "./official";
import { PeopleApi } from "./people";
import { ReviewApi } from "./review";
import { IMPORT_TIMEOUT_MS, query, Transport } from "./transport";

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

/** Which rows of the audit are asked for. */
export interface AuditFilter {
  readonly search: string;
  readonly actor: string | null;
  readonly action: string | null;
  readonly region: RegionCode | null;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

export class Client {
  readonly people: PeopleApi;
  readonly day: DayApi;
  readonly drills: DrillApi;
  readonly account: AccountApi;
  readonly analysis: AnalysisApi;
  readonly official: OfficialApi;
  readonly review: ReviewApi;

  readonly #transport: Transport;

  constructor(fetch: typeof globalThis.fetch) {
    this.#transport = new Transport(fetch);
    this.people = new PeopleApi(this.#transport);
    this.day = new DayApi(this.#transport);
    this.drills = new DrillApi(this.#transport);
    this.account = new AccountApi(this.#transport);
    this.analysis = new AnalysisApi(this.#transport);
    this.official = new OfficialApi(this.#transport);
    this.review = new ReviewApi(this.#transport);
  }

  /** Called when the endpoint says that nobody is logged in. */
  set onLoginNeeded(call: () => void) {
    this.#transport.onLoginNeeded = call;
  }

  session(): Promise<SessionView> {
    return this.#transport.get("/api/session");
  }

  login(request: LoginRequest): Promise<SessionView> {
    return this.#transport.post("/api/login", request);
  }

  async logout(): Promise<void> {
    await this.#transport.answer("/api/logout", { method: "POST" });
  }

  /** The region's figures; of the whole reach of the user when `region` is null. */
  region(region: RegionCode | null, { kind, contest }: FiguresOf, signal?: AbortSignal): Promise<RegionView> {
    const path = region === null ? "/api/regions" : `/api/regions/${encodeURIComponent(region)}`;
    return this.#transport.get(path + query(contest === null ? { kind } : { contest }), signal);
  }

  /** The outlines of the regions below, which stay the same while the endpoint runs; none if the operator gave none. */
  boundaries(region: RegionCode | null, signal?: AbortSignal): Promise<BoundariesView> {
    return this.#transport.get("/api/boundaries" + query({ region }), signal);
  }

  /** The seats that the present sums of a district would give. */
  seats(contest: ContestId, signal?: AbortSignal): Promise<SeatsView> {
    return this.#transport.get("/api/seats" + query({ contest }), signal);
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
    return this.#transport.get("/api/stations" + query(given), signal);
  }

  /** The first page of all stations of a region. */
  allStations(region: RegionCode | null, contest: ContestId, signal?: AbortSignal): Promise<StationList> {
    return this.stations({ ...allStations({ kind: null, contest }, region), contest, after: null }, signal);
  }

  station(station: StationId, contest: ContestId, signal?: AbortSignal): Promise<StationView> {
    return this.#transport.get(`/api/stations/${encodeURIComponent(station)}` + query({ contest }), signal);
  }

  invitations(filter: InvitationQuery, signal?: AbortSignal): Promise<InvitationList> {
    const before = filter.before === null ? null : String(filter.before);
    return this.#transport.get(
      "/api/invitations" + query({ ...filter, before, search: filter.search.trim() }),
      signal,
    );
  }

  /** The only answer that has the codes. */
  invite(request: InviteRequest): Promise<NewInvitation[]> {
    return this.#transport.post("/api/invitations", request);
  }

  withdraw(invitation: number): Promise<InvitationView> {
    return this.#transport.post(`/api/invitations/${invitation}/withdraw`, {});
  }

  accounts(signal?: AbortSignal): Promise<AccountView[]> {
    return this.#transport.get("/api/accounts", signal);
  }

  /** The only answer that has the password; so is that of `newPassword`. */
  addAccount(request: NewAccountRequest): Promise<NewPassword> {
    return this.#transport.post("/api/accounts", request);
  }

  newPassword(user: string): Promise<NewPassword> {
    return this.#transport.post(`${accountAddress(user)}/password`, {});
  }

  changeRole(user: string, request: RoleRequest): Promise<AccountView[]> {
    return this.#transport.post(`${accountAddress(user)}/role`, request);
  }

  endSessions(user: string): Promise<AccountView[]> {
    return this.#transport.post(`${accountAddress(user)}/sessions/end`, {});
  }

  /** The user then logs in with the password alone, and sets up another where it is required. */
  resetSecondFactor(user: string): Promise<AccountView[]> {
    return this.#transport.post(`${accountAddress(user)}/second-factor/reset`, {});
  }

  sessionsOf(user: string, signal?: AbortSignal): Promise<OpenSession[]> {
    return this.#transport.get(`${accountAddress(user)}/sessions`, signal);
  }

  endSessionOf(user: string, session: number): Promise<OpenSession[]> {
    return this.#transport.post(`${accountAddress(user)}/sessions/${session}/end`, {});
  }

  removeAccount(user: string): Promise<AccountView[]> {
    return this.#transport.post(`${accountAddress(user)}/remove`, {});
  }

  audit(before: number | null, filter: AuditFilter, signal?: AbortSignal): Promise<AuditView> {
    const cursor = before === null ? null : String(before);
    return this.#transport.get("/api/audit" + query({ before: cursor, ...auditParameters(filter) }), signal);
  }

  log(signal?: AbortSignal): Promise<LogView> {
    return this.#transport.get("/api/log", signal);
  }

  /** Compares an older checkpoint, or a fingerprint, with the log. */
  compare(kept: string): Promise<LogComparison> {
    return this.#transport.post("/api/log/compare", { kept } satisfies CompareRequest);
  }

  /** A page of the phones in whose chains something is missing or forks. */
  troubledDevices(
    { region, search, after }: { region: RegionCode | null; search: string; after: string | null },
    signal?: AbortSignal,
  ): Promise<DeviceList> {
    return this.#transport.get(
      "/api/devices" + query({ region, troubled: "true", search: search.trim(), after }),
      signal,
    );
  }

  revoke(device: string, request: RevokeRequest): Promise<DeviceView> {
    return this.#transport.post(`/api/devices/${encodeURIComponent(device)}/revoke`, request);
  }

  /** A bundle, or a picture of a QR code, that came by hand. It may be long, so it has its own timeout. */
  import(file: Blob): Promise<Imported> {
    const headers = { "content-type": "application/octet-stream" };
    return this.#transport.json("/api/imports", { method: "POST", headers, body: file }, IMPORT_TIMEOUT_MS);
  }

  /** The pieces of a photo that has arrived on which figures stand. */
  crops(hash: string, contest: ContestId, signal: AbortSignal): Promise<CropsView> {
    return this.#transport.get(`${photoAddress(hash)}/crops?contest=${encodeURIComponent(contest)}`, signal);
  }

  /** Asks the witness who took a photo for the picture as the camera wrote it. */
  async requestOriginal(station: StationId, request: OriginalRequest): Promise<void> {
    await this.#transport.post(`/api/stations/${encodeURIComponent(station)}/originals`, request);
  }

  /** Asks the witness who sealed a tally for another photo of a page. */
  async requestPhoto(station: StationId, request: PhotoRequestRequest): Promise<void> {
    await this.#transport.post(`/api/stations/${encodeURIComponent(station)}/photo-requests`, request);
  }
}

/** Where the rows of the audit are as a spreadsheet. */
export function auditExportAddress(filter: AuditFilter): string {
  return "/api/audit/export" + query(auditParameters(filter));
}

function auditParameters({
  search,
  actor,
  action,
  region,
  fromMs,
  untilMs,
}: AuditFilter): Record<string, string | null> {
  const written = (ms: number | null): string | null => (ms === null ? null : String(ms));
  return {
    ...{ search: search.trim(), actor, action, region },
    ...{ from_ms: written(fromMs), until_ms: written(untilMs) },
  };
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
