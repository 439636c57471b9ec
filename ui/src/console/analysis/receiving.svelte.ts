// The state of a file that arrives, for a button and what stands below it.
import { failureOf, type Failure } from "../api/failure";
import { receive, save, type Progress, type Received } from "./receive";

export class Receiving {
  progress = $state.raw<Progress | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** The last file that arrived. */
  received = $state.raw<Pick<Received, "name" | "sha256"> | null>(null);
  busy = $state(false);

  /** Fetches a file and gives it to the browser to save. */
  async run(fetch: () => Promise<Response>): Promise<void> {
    this.busy = true;
    this.failure = this.progress = this.received = null;
    try {
      const received = await receive(await fetch(), (so) => (this.progress = so));
      save(received);
      this.received = received;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
