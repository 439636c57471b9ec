// The fault of a file that could not be opened, which the endpoint puts into the detail of its refusal.
import type { Fault } from "../../shared/generated/console";
import type { Failure } from "../api/failure";

export function faultIn(failure: Failure | null): Fault | null {
  if (failure === null || (failure.code !== "import_unreadable" && failure.code !== "body_too_long")) {
    return null;
  }
  try {
    const fault = JSON.parse(failure.detail) as Fault;
    return typeof fault.code === "string" ? fault : null;
  } catch {
    return null;
  }
}
