// One request to the endpoint's web API and its answer, or why there was none.
import type { Problem } from "../../shared/generated/console";
import { RequestFailed, type Failure } from "./failure";

/** Timeout of a request. The next try may find a better line. */
const TIMEOUT_MS = 20_000;
/** Timeout of an import: a file of many photos over a slow line. */
export const IMPORT_TIMEOUT_MS = 600_000;

export class Transport {
  /** Called when the endpoint says that nobody is logged in. */
  onLoginNeeded: () => void = () => undefined;

  readonly #fetch: typeof globalThis.fetch;

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  get<T>(address: string, signal?: AbortSignal): Promise<T> {
    return this.json<T>(address, signal === undefined ? {} : { signal });
  }

  post<T>(address: string, body: unknown, signal?: AbortSignal, timeoutMs = TIMEOUT_MS): Promise<T> {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    return this.json<T>(address, signal === undefined ? init : { ...init, signal }, timeoutMs);
  }

  async json<T>(address: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<T> {
    const response = await this.answer(address, init, timeoutMs);
    try {
      return (await response.json()) as T;
    } catch {
      throw new RequestFailed(notTheEndpoint(response));
    }
  }

  async answer(address: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<Response> {
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

/** The query of an address. Parameters that are null or empty are left out. */
export function query(parameters: Record<string, string | null>): string {
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
