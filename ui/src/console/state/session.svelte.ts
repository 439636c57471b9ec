// Who is logged in. When the endpoint forgets the session, the login comes up and the address stays.
import type { SessionView } from "../../shared/generated/console";
import type { Client } from "../api/client";
import { failureOf, type Failure } from "../api/failure";

export class Session {
  /** The user; null when nobody is logged in or it is not known yet. */
  view = $state.raw<SessionView | null>(null);
  /** Whether the first question, who is logged in, is still open. */
  asking = $state(true);
  /** Why the first question could not be answered; null when it was. */
  failure = $state.raw<Failure | null>(null);
  /** Whether somebody was logged in until the session ended by itself. */
  expired = $state(false);

  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
    client.onLoginNeeded = () => this.#end();
  }

  /** Asks the endpoint who is logged in. */
  async resume(): Promise<void> {
    this.asking = true;
    try {
      this.view = await this.#client.session();
      this.failure = null;
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.failure = failure.code === "login_needed" ? null : failure;
    } finally {
      this.asking = false;
    }
  }

  /** Logs in. Throws `RequestFailed` when the endpoint refuses, or wants a code of the second factor. */
  async enter(user: string, password: string, code?: string): Promise<void> {
    this.view = await this.#client.login(code === undefined ? { user, password } : { user, password, code });
    this.expired = false;
    this.failure = null;
  }

  /** Logs out. Throws `RequestFailed` when the request failed. */
  async leave(): Promise<void> {
    try {
      await this.#client.logout();
    } catch (thrown) {
      if (failureOf(thrown).code !== "login_needed") {
        throw thrown;
      }
    }
    this.view = null;
    this.expired = false;
  }

  #end(): void {
    this.expired = this.view !== null;
    this.view = null;
  }
}
