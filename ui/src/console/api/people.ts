// The endpoint's web API about people: the list, assignments, imports, staffing.
import type {
  AssignmentId,
  AssignmentRequest,
  AssignRequest,
  BulkEditRequest,
  ChangeView,
  ImportCheck,
  ImportRequest,
  Lack,
  LackingStations,
  MandateSlip,
  PeopleImport,
  PeopleImports,
  PeoplePage,
  PeopleSettings,
  PersonHistory,
  PersonId,
  PersonRequest,
  PersonView,
  RegionCode,
  SimilarPeople,
  SimilarRequest,
  StaffingView,
  StationId,
  StationPerson,
  TargetRequest,
} from "../../shared/generated/console";
import type { PeopleFilter } from "../people/route";
import { IMPORT_TIMEOUT_MS, query, type Transport } from "./transport";

/** The parameters of the list and of its export. */
function parameters(filter: PeopleFilter): Record<string, string | null> {
  const { region, organisation, field, position, availability } = filter;
  const { assigned, joined, letter, trained, consent } = filter;
  const search = filter.search.trim();
  return {
    ...{ region, search, organisation, field, position, availability },
    ...{ assigned, joined, letter, trained, consent },
  };
}

/** Where the people of a filter are, as a spreadsheet. */
export function peopleExportAddress(filter: PeopleFilter, format: "csv" | "xlsx"): string {
  return "/api/people/export" + query({ ...parameters(filter), format });
}

/** Where all that is known of a person is, as a file. */
export function accessReportAddress(person: PersonId): string {
  return `${personAddress(person)}/report`;
}

function personAddress(person: PersonId): string {
  return `/api/people/${encodeURIComponent(person)}`;
}

function importAddress(id: string): string {
  return `/api/people/imports/${encodeURIComponent(id)}`;
}

export class PeopleApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(filter: PeopleFilter, after: string | null, signal?: AbortSignal): Promise<PeoplePage> {
    return this.#transport.get("/api/people" + query({ ...parameters(filter), after }), signal);
  }

  person(person: PersonId, signal?: AbortSignal): Promise<PersonView> {
    return this.#transport.get(personAddress(person), signal);
  }

  add(request: PersonRequest): Promise<PersonView> {
    return this.#transport.post("/api/people", request);
  }

  edit(person: PersonId, request: PersonRequest): Promise<PersonView> {
    return this.#transport.post(personAddress(person), request);
  }

  similar(request: SimilarRequest): Promise<SimilarPeople> {
    return this.#transport.post("/api/people/similar", request);
  }

  history(person: PersonId, signal?: AbortSignal): Promise<PersonHistory> {
    return this.#transport.get(`${personAddress(person)}/history`, signal);
  }

  assign(person: PersonId, request: AssignRequest): Promise<PersonView> {
    return this.#transport.post(`${personAddress(person)}/assignments`, request);
  }

  /** What is left out of `request` stays as it is. */
  update(assignment: AssignmentId, request: Partial<AssignmentRequest>): Promise<PersonView> {
    return this.#transport.post(assignmentAddress(assignment), request);
  }

  /** To another station, with the device that joined. */
  move(assignment: AssignmentId, station: StationId): Promise<PersonView> {
    return this.#transport.post(`${assignmentAddress(assignment)}/move`, { station });
  }

  end(assignment: AssignmentId): Promise<PersonView> {
    return this.#transport.post(`${assignmentAddress(assignment)}/end`, {});
  }

  /** The only answer that has the codes. */
  invite(assignments: readonly AssignmentId[]): Promise<MandateSlip[]> {
    return this.#transport.post("/api/assignments/invitations", { assignments: [...assignments] });
  }

  /** The duplicate goes into the person. */
  merge(person: PersonId, duplicate: PersonId): Promise<PersonView> {
    return this.#transport.post(`${personAddress(person)}/merge`, { duplicate });
  }

  erase(person: PersonId): Promise<PersonView> {
    return this.#transport.post(`${personAddress(person)}/erase`, {});
  }

  /** The same change of many. What is left out stays as it is. */
  editMany(request: Pick<BulkEditRequest, "people"> & Partial<BulkEditRequest>): Promise<ChangeView> {
    return this.#transport.post("/api/people/edits", request);
  }

  undo(change: string): Promise<ChangeView> {
    return this.#transport.post(`/api/people/changes/${encodeURIComponent(change)}/undo`, {});
  }

  settings(signal?: AbortSignal): Promise<PeopleSettings> {
    return this.#transport.get("/api/people/settings", signal);
  }

  setSettings(request: PeopleSettings): Promise<PeopleSettings> {
    return this.#transport.post("/api/people/settings", request);
  }

  atStation(station: StationId, signal?: AbortSignal): Promise<StationPerson[]> {
    return this.#transport.get(`/api/stations/${encodeURIComponent(station)}/people`, signal);
  }

  ofDevices(devices: readonly string[], signal?: AbortSignal): Promise<StationPerson[]> {
    return this.#transport.post("/api/people/of-devices", { devices: [...devices] }, signal);
  }

  imports(signal?: AbortSignal): Promise<PeopleImports> {
    return this.#transport.get("/api/people/imports", signal);
  }

  upload(file: File): Promise<PeopleImport> {
    const address = "/api/people/imports" + query({ file: file.name });
    const headers = { "content-type": "application/octet-stream" };
    return this.#transport.json(address, { method: "POST", headers, body: file }, IMPORT_TIMEOUT_MS);
  }

  import(id: string, signal?: AbortSignal): Promise<PeopleImport> {
    return this.#transport.get(importAddress(id), signal);
  }

  check(id: string, request: ImportRequest): Promise<ImportCheck> {
    return this.#transport.post(`${importAddress(id)}/check`, request, undefined, IMPORT_TIMEOUT_MS);
  }

  store(id: string, request: ImportRequest): Promise<PeopleImport> {
    return this.#transport.post(`${importAddress(id)}/store`, request);
  }

  discard(id: string): Promise<PeopleImport> {
    return this.#transport.post(`${importAddress(id)}/discard`, {});
  }

  /** The staffing of a region; of the whole reach of the user when `region` is null. */
  staffing(region: RegionCode | null, signal?: AbortSignal): Promise<StaffingView> {
    return this.#transport.get(staffingAddress(region), signal);
  }

  setTarget(region: RegionCode | null, request: TargetRequest): Promise<StaffingView> {
    const address = region === null ? "/api/staffing-target" : `${staffingAddress(region)}/target`;
    return this.#transport.post(address, request);
  }

  lacking(
    { region, lack, after }: { region: RegionCode | null; lack: Lack; after: StationId | null },
    signal?: AbortSignal,
  ): Promise<LackingStations> {
    return this.#transport.get("/api/staffing-stations" + query({ region, lack, after }), signal);
  }
}

function assignmentAddress(assignment: AssignmentId): string {
  return `/api/assignments/${encodeURIComponent(assignment)}`;
}

function staffingAddress(region: RegionCode | null): string {
  return region === null ? "/api/staffing" : `/api/staffing/${encodeURIComponent(region)}`;
}
