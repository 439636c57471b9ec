// One thing at a time that a user does, with its outcome in words.
import { failureOf, type Failure } from "../api/failure";

export class Doing {
  /** Whether a request is under way. */
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** What the last action did, in words; empty before the first. */
  message = $state("");

  /** Does something that says in words what it did. Returns whether it was done. */
  async run(action: () => Promise<string>): Promise<boolean> {
    this.busy = true;
    this.failure = null;
    this.message = "";
    try {
      this.message = await action();
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Forgets the last outcome. */
  clear(): void {
    this.failure = null;
    this.message = "";
  }
}
