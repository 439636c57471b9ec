// Sample answers of the shell, invented: for the unit tests, and for looking at screens without the shell.
import type {
  AppView,
  CellView,
  Figure,
  FindingView,
  Localized,
  RowView,
  SectionView,
  TallyView,
} from "../src/shared/generated/witness";

export const station = "52.71.99.1001-014";
const regions = ["Karang Melati", "Ujung Cemara", "Kota Wirasari", "Nusa Seruni"];

export const text = (id: string, en = id): Localized => ({ id, en });

function cell(field: string, column: CellView["column"] = null, digits = 3): CellView {
  return { field, column, digits, figure: null, words: text(""), has_open_fault: false };
}

export function single(code: string, label: string, heading: string | null = null): RowView {
  return {
    code,
    heading: heading === null ? null : text(heading),
    label: text(label),
    candidate: null,
    names: [],
    counts: null,
    asked: true,
    cells: [cell(code)],
  };
}

export function threefold(code: string, label: string, heading: string | null = null): RowView {
  const columns = (["L", "P", "J"] as const).map((column) => cell(`${code}.${column}`, column));
  return { ...single(code, label, heading), cells: columns };
}

export function pair(number: number, ...names: string[]): RowView {
  return { ...single(`IV.${number}`, ""), label: null, candidate: number, names, counts: "candidate_votes" };
}

export function section(code: string, title: string, page: number, rows: RowView[]): SectionView {
  return {
    code,
    title: text(title),
    page,
    party: null,
    rows,
    stated_sum: null,
    state: "empty",
    crossed_out: 0,
    filled: 0,
    fields: rows.reduce((sum, row) => sum + row.cells.length, 0),
    has_open_fault: false,
    running_sum:
      code === "IV" ? { label: text("IV.1 + IV.2 + IV.3"), filled: 0, fields: rows.length, total: 0 } : null,
  };
}

/** A paper on which nothing was typed yet. */
export function sampleTally(): TallyView {
  const sections = [
    section("I", "Data pemilih dan pengguna hak pilih", 1, [
      threefold("I.A", "Jumlah pemilih dalam DPT", "A. Data pemilih"),
      threefold("I.B.1", "Pengguna hak pilih dalam DPT", "B. Pengguna hak pilih"),
      threefold("I.B.2", "Pengguna hak pilih dalam DPTb"),
      threefold("I.B.3", "Pengguna hak pilih dalam DPK"),
      threefold("I.B.4", "Jumlah pengguna hak pilih (1 + 2 + 3)"),
    ]),
    section("II", "Data penggunaan surat suara", 1, [
      single("II.1", "Surat suara yang diterima, termasuk cadangan 2% dari DPT"),
      single("II.2", "Surat suara yang digunakan"),
      single("II.3", "Surat suara yang dikembalikan karena rusak atau keliru dicoblos"),
      single("II.4", "Surat suara yang tidak digunakan, termasuk sisa cadangan"),
    ]),
    section("III", "Data pemilih disabilitas", 1, [
      threefold("III", "Pemilih disabilitas yang menggunakan hak pilih"),
    ]),
    section("IV", "Perolehan suara sah", 2, [
      pair(1, "Sagara Wanamukti", "Laras Puspanagari"),
      pair(2, "H. Tirta Adhiluhung, S.E.", "Dewi Rarasati"),
      pair(3, "Bayu Samudrapati", "Prof. Kirana Wulansekar"),
    ]),
    section("V", "Suara sah dan tidak sah", 3, [
      single("V.A", "Jumlah seluruh suara sah"),
      single("V.B", "Jumlah suara tidak sah"),
      single("V.C", "Jumlah seluruh suara sah dan tidak sah"),
    ]),
  ];
  return {
    station,
    number: 14,
    regions,
    contest: "ppwp",
    kind: "ppwp",
    station_kind: "tps",
    round: null,
    questions: [],
    open_questions: 0,
    unassigned_photos: [],
    title: text("Presiden dan Wakil Presiden", "President and Vice President"),
    short_title: text("Pilpres", "President"),
    form: text("C.HASIL-PPWP"),
    drill: false,
    life: {
      state: "draft",
      since_ms: null,
      received_at_ms: null,
      entrusted_at_ms: null,
      refusal: null,
      verdict: null,
    },
    saved_at_ms: null,
    sections,
    findings: [],
    checks_passed: 0,
    open_faults: 0,
    pages: [1, 2, 3].map((page) => ({
      page,
      title: text(["Pemilih dan surat suara", "Perolehan suara", "Suara sah dan tidak sah"][page - 1] ?? ""),
      photo: null,
    })),
    filled: 0,
    fields: sections.reduce((sum, each) => sum + each.fields, 0),
    last_field: null,
    statement: null,
    sealed_at_ms: null,
    receipt: null,
    correction_reason: null,
    readings: [],
    open_readings: 0,
    superseded: [],
  };
}

/** The figures that the sample paper gets where a filled one is wanted. */
export const sampleFigures: Readonly<Record<string, Figure>> = Object.fromEntries(
  Object.entries({
    "I.A.L": 140,
    "I.A.P": 144,
    "I.A.J": 284,
    "I.B.1.L": 120,
    "I.B.1.P": 131,
    "I.B.1.J": 251,
    "I.B.2.L": 1,
    "I.B.2.P": 2,
    "I.B.2.J": 3,
    "I.B.3.L": 2,
    "I.B.3.P": 0,
    "I.B.3.J": 2,
    "I.B.4.L": 123,
    "I.B.4.P": 133,
    "I.B.4.J": 256,
    "II.1": 291,
    "II.2": 256,
    "II.3": 1,
    "II.4": 33,
    "III.L": 1,
    "III.P": 2,
    "III.J": 3,
    "IV.1": 128,
    "IV.2": 97,
    "IV.3": 32,
    "V.A": 252,
    "V.B": 4,
    "V.C": 256,
  }).map(([field, written]) => [field, { written }]),
);

/** A fault with both sides, answered or not, and a warning. */
export function sampleFindings(answeredAtMs: number | null): FindingView[] {
  return [
    {
      finding: {
        key: "F401",
        code: "F401",
        severity: "fault",
        title: text(
          "Suara sah tidak sama dengan jumlah semua pasangan",
          "Valid votes are not the sum of all pairs",
        ),
        advice: text(
          "Lihat lagi kertasnya. Kalau salah ketik, perbaiki. Kalau kertasnya memang begitu, nyatakan.",
          "Look at the paper again. Correct a mistyped figure. If the paper has it so, say so.",
        ),
        for_coordinator: text("V.A bukan jumlah IV"),
        comparison: {
          left: {
            label: text("IV dijumlahkan", "IV added up"),
            terms: [
              { field: "IV.1", value: 128 },
              { field: "IV.2", value: 97 },
              { field: "IV.3", value: 32 },
            ],
            total: 257,
          },
          relation: "equal",
          right: {
            label: text("V.A di kertas", "V.A on paper"),
            terms: [{ field: "V.A", value: 252 }],
            total: 252,
          },
          difference: 5,
        },
        fields: ["IV.1", "IV.2", "IV.3", "V.A"],
      },
      acknowledged_at_ms: answeredAtMs,
    },
    {
      finding: {
        key: "W201",
        code: "W201",
        severity: "warning",
        title: text("Surat suara diterima 291, biasanya 290", "291 ballots received, usually 290"),
        advice: text(
          "DPT 284 ditambah cadangan 2% (6). Cukup dicek.",
          "DPT 284 and a 2 % reserve (6). Just check.",
        ),
        for_coordinator: text("II.1"),
        comparison: null,
        fields: ["II.1"],
      },
      acknowledged_at_ms: null,
    },
  ];
}

/** A phone that has joined: one station, one contest not begun, nothing waiting. */
export function sampleApp(): AppView {
  const tally = sampleTally();
  return {
    language: "id",
    version: "0.1.0",
    health: { restored_at_ms: null, lost_photos: [] },
    elections: [],
    joining: null,
    drill: null,
    witness: {
      election: text("Pemilu contoh 2029", "Sample election 2029"),
      date: "2029-02-14",
      drill: false,
      endpoint: "http://127.0.0.1:8080",
      device: "9c410e7bd2a658f317bce4803ad96f25",
      stations: [
        {
          station,
          kind: tally.station_kind,
          ended: false,
          is_own: false,
          number: tally.number,
          regions,
          tallies: [
            {
              contest: tally.contest,
              kind: tally.kind,
              round: tally.round,
              is_newest_round: true,
              title: tally.title,
              short_title: tally.short_title,
              life: tally.life,
              filled: tally.filled,
              fields: tally.fields,
              pages_photographed: 0,
              pages: tally.pages.length,
              open_faults: 0,
            },
          ],
        },
      ],
      outbox: {
        tallies_waiting: 0,
        reports_waiting: 0,
        proofs_waiting: 0,
        photos_waiting: 0,
        originals_waiting: 0,
        originals_bytes_waiting: 0,
        originals_again_at_ms: null,
        clock_ahead_ms: null,
        refused: 0,
        bytes_waiting: 0,
        photo: null,
        sending: false,
        error: null,
        next_attempt_at_ms: null,
        last_contact_at_ms: null,
      },
      hall: null,
      messages: [],
      photo_requests: [],
      carried: [],
      log_alarm: null,
    },
  };
}
