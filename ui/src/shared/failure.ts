// The one shape of a failure in both programs.

/** A request or a command that failed. `code` is the key of a translated text. */
export interface FailureOf<Code extends string> {
  readonly code: Code;
  /** What exactly was wrong, in English, for a technician; may be empty. */
  readonly detail: string;
  /** Seconds after which a retry makes sense, where the endpoint said so. */
  readonly retryAfterS?: number;
}
