// The endpoint's web API about official results: their import, and how they differ from the witnesses'.
import type {
  ContestId,
  DifferencesView,
  OfficialChanges,
  OfficialImportRequest,
  OfficialImports,
  OfficialImportView,
} from "../../shared/generated/console";
import type { DifferencesRoute } from "../official/route";
import { IMPORT_TIMEOUT_MS, query, type Transport } from "./transport";

/** Another layout than the stored one, to look at. */
export type Look = Pick<OfficialImportRequest, "layout" | "sheet" | "header_row">;

function parameters(contest: ContestId, route: DifferencesRoute): Record<string, string | null> {
  const { region, shape, choice, least, asOf } = route;
  return {
    ...{ contest, region, shape, choice },
    least: least === null ? null : String(least),
    as_of: asOf === null ? null : String(asOf),
  };
}

/** Where the differences are as a spreadsheet. */
export function differencesExportAddress(
  contest: ContestId,
  route: DifferencesRoute,
  format: "csv" | "xlsx",
): string {
  return "/api/official/export" + query({ ...parameters(contest, route), format });
}

function importAddress(id: string): string {
  return `/api/official/imports/${encodeURIComponent(id)}`;
}

export class OfficialApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  differences(
    contest: ContestId,
    route: DifferencesRoute,
    after: string | null,
    signal?: AbortSignal,
  ): Promise<DifferencesView> {
    const address = "/api/official/differences" + query({ ...parameters(contest, route), after });
    return this.#transport.get(address, signal);
  }

  imports(contest: ContestId, signal?: AbortSignal): Promise<OfficialImports> {
    return this.#transport.get("/api/official/imports" + query({ contest }), signal);
  }

  upload(contest: ContestId, file: File): Promise<OfficialImportView> {
    const address = "/api/official/imports" + query({ contest, file: file.name });
    const headers = { "content-type": "application/octet-stream" };
    return this.#transport.json(address, { method: "POST", headers, body: file }, IMPORT_TIMEOUT_MS);
  }

  import(id: string, look: Look | null, signal?: AbortSignal): Promise<OfficialImportView> {
    const chosen =
      look === null
        ? {}
        : { layout: look.layout, sheet: String(look.sheet), header_row: String(look.header_row) };
    return this.#transport.get(importAddress(id) + query(chosen), signal);
  }

  progress(id: string, signal?: AbortSignal): Promise<OfficialImportView> {
    return this.#transport.get(importAddress(id) + query({ brief: "true" }), signal);
  }

  changes(id: string, after: string | null, signal?: AbortSignal): Promise<OfficialChanges> {
    return this.#transport.get(`${importAddress(id)}/changes` + query({ after }), signal);
  }

  check(id: string, request: OfficialImportRequest): Promise<OfficialImportView> {
    return this.#transport.post(`${importAddress(id)}/check`, request);
  }

  store(id: string): Promise<OfficialImportView> {
    return this.#transport.post(`${importAddress(id)}/store`, {});
  }

  discard(id: string): Promise<OfficialImportView> {
    return this.#transport.post(`${importAddress(id)}/discard`, {});
  }
}
