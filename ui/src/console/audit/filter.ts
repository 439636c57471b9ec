// Which rows of the audit an address asks for.
import type { AuditFilter } from "../api/client";
import type { AuditRoute } from "../route";

const DAY_MS = 86_400_000;

/** The filter of an address. A day is one of the reader's own zone; the last day is part of it. */
export function filterOf({ search, actor, action, region, from, until }: AuditRoute): AuditFilter {
  const untilMs = begin(until);
  return {
    ...{ search, actor, action, region, fromMs: begin(from) },
    untilMs: untilMs === null ? null : untilMs + DAY_MS,
  };
}

function begin(day: string | null): number | null {
  const ms = day === null ? Number.NaN : Date.parse(`${day}T00:00:00`);
  return Number.isFinite(ms) ? ms : null;
}

/** Whether a filter hides rows. */
export function isFiltered({ search, actor, action, region, from, until }: AuditRoute): boolean {
  return search !== "" || [actor, action, region, from, until].some((each) => each !== null);
}
