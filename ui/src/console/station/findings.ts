// What the checks found in the tallies of a station, with those who reported it.
import type { Finding, TallyView } from "../../shared/generated/console";

export interface Found {
  readonly finding: Finding;
  readonly by: readonly { readonly witness: string; readonly acknowledged: boolean }[];
}

/** A text that findings have in common which are alike, down to the figures. */
export const alikeOf = (finding: Finding): string => `${finding.key} ${JSON.stringify(finding.comparison)}`;

/**
 * The findings of the tallies that no later one supersedes. What several witnesses' tallies have alike, down to the
 * figures, stands once. Faults come first, then by code.
 */
export function found(tallies: readonly TallyView[]): Found[] {
  const groups = new Map<string, { finding: Finding; by: { witness: string; acknowledged: boolean }[] }>();
  for (const tally of tallies) {
    if (tally.superseded || tally.corrected_by !== null) {
      continue;
    }
    for (const finding of tally.findings) {
      const alike = alikeOf(finding);
      const group = groups.get(alike) ?? { finding, by: [] };
      const acknowledged = tally.acknowledged.includes(finding.key);
      // A phone that signed two tallies under one number has two that stand, and is named once.
      const same = group.by.find(({ witness }) => witness === tally.witness);
      if (same === undefined) {
        group.by.push({ witness: tally.witness, acknowledged });
      } else {
        same.acknowledged &&= acknowledged;
      }
      groups.set(alike, group);
    }
  }
  const rank = ({ finding }: Found): number => (finding.severity === "fault" ? 0 : 1);
  return [...groups.values()].sort(
    (a, b) => rank(a) - rank(b) || a.finding.key.localeCompare(b.finding.key, "en", { numeric: true }),
  );
}

/** The codes of the findings that touch each field. */
export function codesByField(all: readonly Found[]): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, string[]>();
  for (const { finding } of all) {
    for (const field of finding.fields) {
      const here = codes.get(field) ?? [];
      if (!here.includes(finding.code)) {
        here.push(finding.code);
      }
      codes.set(field, here);
    }
  }
  return codes;
}
