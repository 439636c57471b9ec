// A region's stations by standing, as shares of a bar and as an order by problems.
import type { Coverage, RegionRow, Standing, Votes } from "../../shared/generated/console";
import { STANDINGS } from "../route";

/** The standings whose votes are in the sums, surest first. */
export const COUNTED = [
  "verified",
  "corroborated",
  "provisional",
] as const satisfies readonly (keyof Votes)[];

export interface Part {
  readonly standing: Standing;
  readonly count: number;
}

/** All five parts, surest first, the empty ones included. */
export function parts(coverage: Coverage): Part[] {
  return STANDINGS.map((standing) => ({ standing, count: coverage[standing] }));
}

/** Stations from which at least one tally has arrived. */
export function arrived(coverage: Coverage): number {
  return coverage.stations - coverage.missing;
}

/** Stations whose tallies are in the sums. */
export function counted(coverage: Coverage): number {
  return COUNTED.reduce((sum, standing) => sum + coverage[standing], 0);
}

/** A share between 0 and 1; 0 of nothing is 0. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

export function total(votes: Votes): number {
  return COUNTED.reduce((sum, standing) => sum + votes[standing], 0);
}

/** Stations of a region that want a person's eye, as a share of all of them. */
function problemShare({ coverage }: RegionRow): number {
  return share(coverage.missing + coverage.conflicting + coverage.flagged, coverage.stations);
}

/** The regions with most problems per station first; those alike in the order of their codes. */
export function byProblems(rows: readonly RegionRow[]): RegionRow[] {
  return [...rows].sort(
    (a, b) => problemShare(b) - problemShare(a) || a.region.code.localeCompare(b.region.code),
  );
}

/**
 * Which rows stand out in a column, to be marked: those among the worst third of their siblings by share, and worse than
 * all of them together. When all are alike, as at the start of the evening, none does.
 */
export function standsOut(rows: readonly RegionRow[], of: keyof Coverage): (row: RegionRow) => boolean {
  const shares = rows.map(({ coverage }) => share(coverage[of], coverage.stations)).sort((a, b) => b - a);
  const sum = (count: keyof Coverage): number => rows.reduce((all, row) => all + row.coverage[count], 0);
  const overall = share(sum(of), sum("stations"));
  const worst = shares[Math.floor(shares.length / 3) - 1];
  return ({ coverage }) => {
    const own = share(coverage[of], coverage.stations);
    return worst !== undefined && own >= worst && own > overall;
  };
}
