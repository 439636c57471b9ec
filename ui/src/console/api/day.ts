// The endpoint's web API about the day of voting: attendance, messages to witnesses, incidents.
import type {
  AttendanceList,
  IncidentCategory,
  IncidentHistory,
  IncidentList,
  IncidentState,
  IncidentStepRequest,
  MessageList,
  MessageView,
  NewMessageRequest,
  Presence,
  ReaderList,
  RegionCode,
} from "../../shared/generated/console";
import { query, type Transport } from "./transport";

export interface AttendanceQuery {
  readonly region: RegionCode | null;
  readonly presence: Presence | null;
  readonly silent: boolean;
}

export interface IncidentQuery {
  readonly region: RegionCode | null;
  readonly state: IncidentState | null;
  readonly category: IncidentCategory | null;
}

export class DayApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  attendance(asked: AttendanceQuery, after: string | null, signal?: AbortSignal): Promise<AttendanceList> {
    const silent = asked.silent ? "true" : null;
    return this.#transport.get("/api/attendance" + query({ ...asked, silent, after }), signal);
  }

  messages(before: number | null, signal?: AbortSignal): Promise<MessageList> {
    return this.#transport.get("/api/messages" + query({ before: written(before) }), signal);
  }

  send(request: NewMessageRequest): Promise<MessageView> {
    return this.#transport.post("/api/messages", request);
  }

  withdraw(message: string): Promise<MessageView> {
    return this.#transport.post(`${messageAddress(message)}/withdraw`, {});
  }

  readers(
    message: string,
    { unread, after }: { unread: boolean; after: string | null },
    signal?: AbortSignal,
  ): Promise<ReaderList> {
    const given = query({ unread: unread ? "true" : null, after });
    return this.#transport.get(`${messageAddress(message)}/readers${given}`, signal);
  }

  incidents(asked: IncidentQuery, before: number | null, signal?: AbortSignal): Promise<IncidentList> {
    return this.#transport.get("/api/incidents" + query({ ...asked, before: written(before) }), signal);
  }

  incident(statement: string, signal?: AbortSignal): Promise<IncidentHistory> {
    return this.#transport.get(incidentAddress(statement), signal);
  }

  step(statement: string, request: IncidentStepRequest): Promise<IncidentHistory> {
    return this.#transport.post(`${incidentAddress(statement)}/steps`, request);
  }
}

function written(cursor: number | null): string | null {
  return cursor === null ? null : String(cursor);
}

function messageAddress(message: string): string {
  return `/api/messages/${encodeURIComponent(message)}`;
}

function incidentAddress(statement: string): string {
  return `/api/incidents/${encodeURIComponent(statement)}`;
}
