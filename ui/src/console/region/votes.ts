// The rows of votes as a reader wants them: by the ballot or by size, and only those that a search finds.
import type { VoteRow } from "../../shared/generated/console";
import { total } from "./coverage";

export const VOTE_ORDERS = ["ballot", "votes"] as const;
export type VoteOrder = (typeof VOTE_ORDERS)[number];

/** A row that is shown, and which of its candidates. */
export interface ShownVotes {
  readonly row: VoteRow;
  readonly candidates: readonly VoteRow[];
  /** Whether the search found a candidate and not the list: the list unfolds. */
  readonly unfolds: boolean;
}

/** The rows in `order`. A search finds a number, or a part of a name of a list or of a candidate. */
export function shownVotes(rows: readonly VoteRow[], search: string, order: VoteOrder): ShownVotes[] {
  const words = search.trim().toLocaleLowerCase("id");
  const finds = (row: VoteRow): boolean =>
    words === "" ||
    String(row.number ?? row.party) === words ||
    row.names.some((name) => name.toLocaleLowerCase("id").includes(words));
  const shown = rows.map((row): ShownVotes | null => {
    const candidates = sorted(row.candidates, order);
    if (finds(row)) {
      return { row, candidates, unfolds: false };
    }
    const found = candidates.filter(finds);
    return found.length > 0 ? { row, candidates: found, unfolds: true } : null;
  });
  return shown.filter((one) => one !== null).sort((a, b) => (order === "ballot" ? 0 : byVotes(a.row, b.row)));
}

function sorted(rows: readonly VoteRow[], order: VoteOrder): VoteRow[] {
  return order === "ballot" ? [...rows] : [...rows].sort(byVotes);
}

/** The most votes first. Rows with as many stay in the ballot's order. */
function byVotes(a: VoteRow, b: VoteRow): number {
  return total(b.votes) - total(a.votes);
}
