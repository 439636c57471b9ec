// Lists are found by their number, their name, and the names of their candidates.
import { describe, expect, it } from "vitest";
import type { VoteRow } from "../../shared/generated/console";
import { shownVotes } from "./votes";

const votes = (provisional: number): VoteRow["votes"] => ({ verified: 0, corroborated: 0, provisional });

const candidate = (party: number, number: number, name: string, count: number): VoteRow => ({
  choice: `L${party}.${number}`,
  party,
  number,
  names: [name],
  label: name,
  empty_column: false,
  votes: votes(count),
  party_itself: null,
  candidates: [],
});

const list = (party: number, name: string, count: number, ...candidates: VoteRow[]): VoteRow => ({
  ...candidate(party, 0, name, count),
  choice: `L${party}`,
  number: null,
  party_itself: votes(0),
  candidates,
});

const rows = [
  list(1, "Partai Lontar", 40, candidate(1, 1, "Sekar", 10), candidate(1, 2, "Bagus", 30)),
  list(4, "Partai Cendana", 90, candidate(4, 1, "Sekar Ayu", 90)),
  list(14, "Partai Gaharu", 5),
];
const shown = (search: string, order: "ballot" | "votes" = "ballot") =>
  shownVotes(rows, search, order).map(({ row, candidates, unfolds }) => [
    row.choice,
    candidates.map(({ choice }) => choice),
    unfolds,
  ]);

describe("votes of lists", () => {
  it("stand in the ballot's order, or with the most first", () => {
    expect(shown("").map(([choice]) => choice)).toEqual(["L1", "L4", "L14"]);
    expect(shown("", "votes")).toEqual([
      ["L4", ["L4.1"], false],
      ["L1", ["L1.2", "L1.1"], false],
      ["L14", [], false],
    ]);
  });

  it("are found by a number as a whole, and by a part of a name", () => {
    expect(shown("4").map(([choice]) => choice)).toEqual(["L4"]);
    expect(shown("GAHARU").map(([choice]) => choice)).toEqual(["L14"]);
    expect(shown("nobody")).toEqual([]);
  });

  it("unfold where the search finds a candidate alone, and show that one", () => {
    expect(shown("sekar")).toEqual([
      ["L1", ["L1.1"], true],
      ["L4", ["L4.1"], true],
    ]);
  });
});
