// Why a request to the endpoint did not give its answer.
import type { FailureOf } from "../../shared/failure";
import type { ProblemCode } from "../../shared/generated/console";

/**
 * The endpoint's refusals; `unreachable` when no answer came (no network, no endpoint, or a timeout); and
 * `not_the_endpoint` when something answered that does not setLanguage this API.
 */
export type FailureCode = ProblemCode | "unreachable" | "not_the_endpoint";

export type Failure = FailureOf<FailureCode>;

export class RequestFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.name = "RequestFailed";
    this.failure = failure;
  }
}

/** The failure inside whatever was thrown. An unknown error counts as no answer. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof RequestFailed ? thrown.failure : { code: "unreachable", detail: "" };
}
