// Papers other than the presidential one, invented, and what the device makes of the figures typed on them.
import type {
  CellView,
  FieldCode,
  Figure,
  RoundView,
  RowView,
  SectionState,
  SectionView,
  TallyView,
} from "../src/shared/generated/witness";
import { pair, sampleTally, section, single, text } from "./sample";

const partyNames = [
  "Muara",
  "Lembayung",
  "Pelita Desa",
  "Rakit Bersama",
  "Cakrawala",
  "Ladang",
  "Karya Pesisir",
  "Teladan",
  "Bahari",
  "Gunung Sari",
  "Anyaman",
  "Persaudaraan Nusa",
  "Embun",
  "Jembatan",
  "Suluh",
  "Tenun",
  "Delta",
  "Wana",
];
const people = [
  "Sekar Wijayanti",
  "Ir. Danu Prabaswara",
  "Hj. Melati Kartikasari, M.Pd.",
  "Arga Nirwana",
  "Tirta Lestari",
  "Yudha Wibisana",
  "Rukmi Anggraini",
  "Galih Samudera",
];

/** The parties' numbers on the ballot: 1 to 17 and 24. */
export const partyNumbers: readonly number[] = partyNames.map((_, at) => (at < 17 ? at + 1 : 24));

const written1 = (figure: Figure | null): number =>
  figure !== null && typeof figure === "object" ? figure.written : 0;

function listSection(
  number: number,
  name: string,
  page: number,
  candidates: number,
  asked: boolean,
): SectionView {
  const code = `IV.${number}`;
  const itself: RowView = {
    ...single(`${code}.A.1`, "Suara partai politik", "A.1. Suara partai"),
    counts: "party_votes",
    asked,
  };
  const rows = Array.from({ length: candidates }, (_, at): RowView => {
    const row = pair(at + 1, people[at % people.length] ?? "");
    const heading = at === 0 ? text("A.2. Suara calon") : null;
    const field = `${code}.A.2.${at + 1}`;
    return {
      ...row,
      ...single(field, ""),
      ...{ label: null, candidate: at + 1, names: row.names },
      heading,
      asked,
      counts: "candidate_votes",
    };
  });
  const sum: RowView = {
    ...single(`${code}.B`, "Jumlah suara sah partai politik dan calon (A.1 + A.2)"),
    counts: "list_votes",
  };
  const made = section(code, `${number}. Partai Contoh ${name}`, page, [itself, ...rows, sum]);
  return {
    ...made,
    party: number,
    fields: asked ? made.fields : 1,
    running_sum: { label: text(`${code}.A.1 + A.2`), filled: 0, fields: candidates + 1, total: 0 },
  };
}

function withoutCandidates(): { before: SectionView[]; after: SectionView[] } {
  const { sections } = sampleTally();
  return { before: sections.slice(0, 3), after: sections.slice(4) };
}

function paper(changes: Partial<TallyView>): TallyView {
  const tally = { ...sampleTally(), ...changes };
  return { ...tally, fields: tally.sections.reduce((sum, each) => sum + each.fields, 0) };
}

/** A paper of 18 parties with this many candidates each. With `own`, only that list is asked for in full. */
export function listPaper(candidates = 8, own: number | null = null): TallyView {
  const { before, after } = withoutCandidates();
  const lists = partyNames.map((name, at) => {
    const number = partyNumbers[at] ?? 0;
    return listSection(number, name, at + 2, candidates, own === null || number === own);
  });
  const last = lists.length + 2;
  return paper({
    contest: "dpr",
    kind: "dpr",
    title: text("Dewan Perwakilan Rakyat", "House of Representatives"),
    short_title: text("DPR RI"),
    form: text("C.HASIL-DPR"),
    sections: [...before, ...lists, ...after.map((each) => ({ ...each, page: last }))],
    pages: Array.from({ length: last }, (_, at) => ({
      page: at + 1,
      title: text(
        at === 0
          ? "Pemilih dan surat suara"
          : at === last - 1
            ? "Suara sah dan tidak sah"
            : `${partyNumbers[at - 1] ?? ""}. Partai Contoh ${partyNames[at - 1] ?? ""}`,
      ),
      photo: null,
    })),
  });
}

/** A paper of independent candidates on several pages. */
export function candidatePaper(candidates = 54): TallyView {
  const { before, after } = withoutCandidates();
  const rows = Array.from({ length: candidates }, (_, at) => pair(at + 1, people[at % people.length] ?? ""));
  const pages = Math.ceil(candidates / 10);
  return paper({
    contest: "dpd",
    kind: "dpd",
    title: text("Dewan Perwakilan Daerah", "Regional senate"),
    short_title: text("DPD RI"),
    sections: [...before, section("IV", "Perolehan suara calon", 2, rows), ...after],
    pages: Array.from({ length: pages + 2 }, (_, at) => ({
      page: at + 1,
      title: text(`Halaman ${at + 1}`),
      photo: null,
    })),
  });
}

/** A single pair against the empty column. */
export function emptyColumnPaper(): TallyView {
  const { before, after } = withoutCandidates();
  const rows = [pair(1, "Sagara Wanamukti", "Laras Puspanagari"), pair(2, "Kolom kosong")];
  return paper({
    contest: "walikota",
    kind: "walikota",
    title: text("Wali Kota dan Wakil Wali Kota", "Mayor and vice mayor"),
    short_title: text("Wali Kota", "Mayor"),
    sections: [...before, section("IV", "Perolehan suara pasangan calon", 2, rows), ...after],
  });
}

/** The presidential paper of a station abroad, with five boxes. */
export function abroadPaper(): TallyView {
  const tally = sampleTally();
  const sections = tally.sections.map((each) => ({
    ...each,
    rows: each.rows.map((row) => ({ ...row, cells: row.cells.map((cell) => ({ ...cell, digits: 5 })) })),
  }));
  return paper({ sections, station_kind: "tpsln", regions: ["Kuala Lumpur", "Malaysia"], number: 12 });
}

export const repeatedVote: RoundView = {
  number: 2,
  kind: "psu",
  date: "2029-02-24",
  reason: text("Pemilih dari luar daerah ikut memilih", "Voters from elsewhere took part"),
};

/** The paper with these figures, as the device shows it: filled, added up, and compared. */
export function written(tally: TallyView, figures: Readonly<Record<FieldCode, Figure | null>>): TallyView {
  const sections = tally.sections.map((each) => {
    const rows = each.rows.map((row) => ({ ...row, cells: row.cells.map((cell) => changed(cell, figures)) }));
    return summed({ ...each, rows });
  });
  return {
    ...tally,
    sections,
    saved_at_ms: Date.now(),
    last_field: Object.keys(figures).pop() ?? tally.last_field,
    filled: sections.reduce((sum, each) => sum + each.filled, 0),
  };
}

function changed(cell: CellView, figures: Readonly<Record<FieldCode, Figure | null>>): CellView {
  const figure = figures[cell.field];
  return figure === undefined
    ? cell
    : { ...cell, figure, words: text(figure === null ? "" : `contoh kata untuk ${JSON.stringify(figure)}`) };
}

function summed(each: SectionView): SectionView {
  const asked = each.rows.filter((row) => row.asked).flatMap((row) => row.cells);
  const parts = each.rows.filter((row) => row.counts !== "list_votes").flatMap((row) => row.cells);
  const sum = each.rows.find((row) => row.counts === "list_votes")?.cells[0]?.figure ?? null;
  const typed = parts.filter((cell) => cell.figure !== null);
  const total = typed.reduce((all, cell) => all + written1(cell.figure), 0);
  const filled = asked.filter((cell) => cell.figure !== null).length;
  const inFull = each.rows.every((row) => row.asked);
  const differs = inFull && filled === each.fields && each.party !== null && written1(sum) !== total;
  const state: SectionState =
    filled === 0 ? "empty" : filled < each.fields ? "open" : differs ? "disagrees" : "done";
  return {
    ...each,
    filled,
    state,
    stated_sum: sum,
    running_sum: each.running_sum && { ...each.running_sum, filled: typed.length, total },
  };
}

/** The fields of a section that "the rest is crossed" would cross. */
export function restOf(each: SectionView): FieldCode[] {
  return each.rows
    .filter((row) => row.asked && row.counts !== "list_votes")
    .flatMap((row) => row.cells)
    .filter((cell) => cell.figure === null)
    .map((cell) => cell.field);
}

/** Figures of the first parties of a list paper: some agree, one does not, some are crossed. */
export function sampleListFigures(tally: TallyView, parties: number): Record<FieldCode, Figure> {
  const figures: Record<FieldCode, Figure> = {};
  tally.sections
    .filter((each) => each.party !== null)
    .slice(0, parties)
    .forEach((each, at) => {
      const crossed = at === 5 || at === 8;
      let total = 0;
      each.rows.forEach((row, index) => {
        const field = row.cells[0]?.field ?? "";
        if (row.counts === "list_votes") {
          figures[field] = crossed ? "blank" : { written: total + (at === 3 ? 2 : 0) };
          return;
        }
        const votes = (at * 7 + index * 5 + 3) % 23;
        const isBlank = crossed || votes > 12;
        total += isBlank ? 0 : votes;
        figures[field] = isBlank ? "blank" : { written: votes };
      });
    });
  return figures;
}

/** The papers by the names of their scenes. */
export const papers: Readonly<Record<string, () => TallyView>> = {
  dpr: () => listPaper(),
  dpr_own: () => listPaper(8, 7),
  dprd: () => ({ ...listPaper(14), contest: "dprd", kind: "dprd_kabkota" }),
  dpd: () => candidatePaper(),
  walikota: () => emptyColumnPaper(),
  abroad: () => abroadPaper(),
};
