// Why a request to the endpoint did not give its answer.
import type { Problem, ProblemCode } from "../../shared/generated/console";

export type Failure =
  /** The endpoint answered with a refusal. `retry_after_s` when it said how long to wait. */
  | { readonly kind: "refused"; readonly problem: Problem; readonly retry_after_s: number | null }
  /** No answer came: no network, no endpoint, or too slow. */
  | { readonly kind: "unreachable" }
  /** Something answered that does not speak this API. */
  | { readonly kind: "strange"; readonly status: number };

export class RequestFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind === "refused" ? failure.problem.code : failure.kind);
    this.name = "RequestFailed";
  }
}

/** The failure inside whatever was thrown. What is not ours to know counts as no answer. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof RequestFailed ? thrown.failure : { kind: "unreachable" };
}

export function isRefusal(failure: Failure | null, code: ProblemCode): boolean {
  return failure?.kind === "refused" && failure.problem.code === code;
}
