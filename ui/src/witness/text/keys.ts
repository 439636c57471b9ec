// Keys that come from Rust: a code without its text fails the type check.
import type {
  FailureCode,
  JoinOutcome,
  LifeState,
  PhotoIssue,
  ProblemCode,
  RoundKind,
  SyncError,
} from "../../shared/generated/witness";

/** Every key that a code of the shell or the endpoint turns into. */
export type CodeKey =
  | `failure.${FailureCode | "unexpected"}`
  | `sync_error.${SyncError}`
  | `life.${LifeState}`
  | `join_outcome.${JoinOutcome}`
  | `round.${RoundKind}`
  | `round.${RoundKind}.short`
  | `photo_issue.${PhotoIssue}`
  | `photo_issue.${PhotoIssue}.do`
  | `life.${LifeState}.means`
  | `problem.${ProblemCode}`
  | `problem.${ProblemCode}.do`;
