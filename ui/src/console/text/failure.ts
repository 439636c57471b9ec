// What to say when a request failed: what happened, and what one can do.
import type { Failure } from "../api/failure";
import { id } from "./id";
import { t, type Key } from "./t";

export function failureText(failure: Failure): string {
  switch (failure.code) {
    case "unreachable":
      return t("failure.unreachable");
    case "not_the_endpoint":
      return t("failure.not_the_endpoint", { detail: failure.detail });
    default:
      return failure.code === "too_many_requests" && failure.retryAfterS !== undefined
        ? t("failure.wait", { seconds: failure.retryAfterS })
        : problemText(failure.code);
  }
}

/** What was refused, and what to do where this program's users can do something. */
function problemText(code: Exclude<Failure["code"], "unreachable" | "not_the_endpoint">): string {
  const advice = `problem.${code}.do`;
  return advice in id ? `${t(`problem.${code}`)} ${t(advice as Key)}` : t(`problem.${code}`);
}
