// The endpoint's web API about one's own account: password, second factor, sessions.
import type {
  NewSecondFactor,
  OpenSession,
  PasswordRequest,
  RecoveryCodes,
  SecondFactorRequest,
  SessionView,
} from "../../shared/generated/console";
import type { Transport } from "./transport";

export class AccountApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  changePassword(request: PasswordRequest): Promise<SessionView> {
    return this.#transport.post("/api/session/password", request);
  }

  sessions(signal?: AbortSignal): Promise<OpenSession[]> {
    return this.#transport.get("/api/session/sessions", signal);
  }

  endSession(session: number): Promise<OpenSession[]> {
    return this.#transport.post(`/api/session/sessions/${session}/end`, {});
  }

  endOthers(): Promise<OpenSession[]> {
    return this.#transport.post("/api/session/sessions/end-others", {});
  }

  /** Says that the logins from new places were one's own. */
  confirmPlaces(): Promise<SessionView> {
    return this.#transport.post("/api/session/places", {});
  }

  /** The only answer that has the secret. */
  newSecondFactor(password: string): Promise<NewSecondFactor> {
    return this.#transport.post("/api/session/second-factor", { password });
  }

  /** The only answer that has these recovery codes; so is that of `newRecoveryCodes`. */
  confirmSecondFactor(code: string): Promise<RecoveryCodes> {
    return this.#transport.post("/api/session/second-factor/confirm", { code });
  }

  newRecoveryCodes(request: SecondFactorRequest): Promise<RecoveryCodes> {
    return this.#transport.post("/api/session/second-factor/recovery-codes", request);
  }

  removeSecondFactor(request: SecondFactorRequest): Promise<SessionView> {
    return this.#transport.post("/api/session/second-factor/remove", request);
  }
}
