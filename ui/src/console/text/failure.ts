// What to say when a request failed: what happened, and what one can do.
import type { Failure } from "../api/failure";
import { t } from "./t";

export function failureText(failure: Failure): string {
  switch (failure.kind) {
    case "unreachable":
      return t("failure.unreachable");
    case "strange":
      return t("failure.strange", { status: failure.status });
    case "refused":
      return failure.problem.code === "too_many_requests" && failure.retry_after_s !== null
        ? t("failure.wait", { seconds: failure.retry_after_s })
        : t(`problem.${failure.problem.code}`);
  }
}
