// The longest values that may come, for scenes in which no text may be cut: names of real length, a nation's log,
// 25 contests, and everything that the home screen can have to say at the same time.
import type {
  ElectionCard,
  HallView,
  JoiningView,
  LifeState,
  LifeView,
  OutboxView,
  PageView,
  PhotoIssue,
  PhotoView,
  ReadingView,
  ReportsView,
  StationView,
  TallyView,
  WitnessView,
} from "../src/shared/generated/witness";
import { text } from "./sample";

const minutes = 60_000;
const desa = "Nagari Persiapan Sungai Beremas Air Bangis Tenggara";
const regions = [
  desa,
  "Siau Timur Selatan Kepulauan",
  "Kabupaten Kepulauan Siau Tagulandang Biaro",
  "Sulawesi Utara",
];
const names = [
  "Prof. Dr. Ir. H. Raden Mas Suryaningrat Kusumawardhanadipura, S.H., M.Hum.",
  "Dra. Hj. Andi Tenriangka Bataritojawaliwangeng Daeng Macora, M.Si., Ph.D.",
];
const contestName = text(
  "Pemilihan Anggota Dewan Perwakilan Rakyat Daerah Kabupaten Kepulauan Siau Tagulandang Biaro",
  "Election of the Regional House of Representatives of Kepulauan Siau Tagulandang Biaro Regency",
);
const reason =
  "Angka pada foto halaman kedua tidak terbaca dan berbeda dengan salinan yang dibawa saksi lain di TPS yang sama.";
const refusal = { code: "quota_exceeded", detail: "statement/0123456789abcdef".repeat(8) } as const;

function lifeOf(state: LifeState): LifeView {
  return {
    state,
    since_ms: Date.now() - 60 * minutes,
    received_at_ms: state === "draft" || state === "sealed" ? null : Date.now() - 50 * minutes,
    entrusted_at_ms: null,
    refusal: state === "refused" ? refusal : null,
    verdict:
      state === "verified" || state === "disputed"
        ? { decision: state, reason, at_ms: Date.now() - 20 * minutes }
        : null,
  };
}

/** The same tally at a station and in a contest with long names. */
export function longestTally(tally: TallyView): TallyView {
  return {
    ...tally,
    regions,
    title: contestName,
    short_title: contestName,
    sections: tally.sections.map((section) => ({
      ...section,
      rows: section.rows.map((row) =>
        row.candidate === null
          ? row
          : { ...row, names, cells: row.cells.map((cell) => ({ ...cell, figure: { written: 999_999 } })) },
      ),
    })),
  };
}

/** The same tally with photos about which there is everything to say, and figures that they show differently. */
export function longestPhotos(tally: TallyView): TallyView {
  const issues: readonly PhotoIssue[][] = [
    ["blurred", "too_dark", "glare", "corners_missing", "cut_off", "pale"],
    ["too_far"],
    [],
  ];
  const seen = (page: PageView, photo: PhotoView, at: number): PhotoView => ({
    ...photo,
    refusal:
      photo.sealed && at === 0 ? { code: "photo_hash_mismatch", detail: "0123456789abcdef".repeat(4) } : null,
    seen: { page: at === 1 ? page.page + 1 : page.page, issues: [...(issues[at] ?? [])] },
  });
  const readings: ReadingView[] = ["IV.1", "IV.2"].map((field, at) => ({
    field,
    candidate: at + 1,
    page: 2,
    typed: { written: 999_999 },
    read: 888_888,
    differs: true,
    key: `R-${field}`,
    answered_at_ms: at === 0 ? null : Date.now() - 2 * minutes,
  }));
  return {
    ...tally,
    readings,
    pages: tally.pages.map((page, at) => ({ ...page, photo: page.photo && seen(page, page.photo, at) })),
  };
}

/** Refused by the endpoint, and disputed by a coordinator. */
export function refusedAndDisputed(tally: TallyView): TallyView {
  const { verdict } = lifeOf("disputed");
  const superseded = (["refused", "disputed", "receipted"] as const).map((state, at) => ({
    statement: `${at}c410e7bd2a658f317bce4803ad96f25`.repeat(2),
    life: lifeOf(state),
  }));
  return { ...tally, life: { ...lifeOf("refused"), verdict }, superseded };
}

const outbox: OutboxView = {
  tallies_waiting: 25,
  reports_waiting: 120,
  proofs_waiting: 25,
  photos_waiting: 475,
  originals_waiting: 475,
  originals_bytes_waiting: 9_999_000_000,
  originals_again_at_ms: Date.now() + 600 * minutes,
  refused: 25,
  bytes_waiting: 999_000_000,
  photo: { contest: "dprd-24", round: 1, page: 19, sent_bytes: 412_000, total_bytes: 1_690_000 },
  sending: false,
  error: "certificate_wrong",
  next_attempt_at_ms: Date.now() + 59 * minutes,
  clock_ahead_ms: 86_400_000 * 400,
  last_contact_at_ms: Date.now() - 26 * 60 * minutes,
};

/** A witness of three stations with 25 contests each, and everything that the home screen can have to say. */
export function longestWitness(witness: WitnessView): WitnessView {
  const [station] = witness.stations;
  const [card] = station?.tallies ?? [];
  if (station === undefined || card === undefined) {
    return witness;
  }
  const states: readonly LifeState[] = [
    "draft",
    "sealed",
    "accepted",
    "refused",
    "receipted",
    "verified",
    "disputed",
  ];
  const others = Array.from({ length: 24 }, (_, at) => ({
    ...card,
    contest: `dprd-${at + 1}`,
    filled: at % 2 === 0 ? 0 : card.fields - 1,
    open_faults: at % 3,
    title: contestName,
    short_title: contestName,
    life: lifeOf(states[at % states.length] ?? "draft"),
  }));
  const first: StationView = { ...station, regions, ended: true, tallies: [card, ...others] };
  const more = [901, 902].map((number) => ({
    ...first,
    station: `71.09.07.2011-${number}`,
    number,
    tallies: others,
  }));
  const checkpoint = `${"saksi.example/log/".repeat(4)}\n4123456\n${"Q".repeat(43)}=\n\n— saksi.example ${"z".repeat(90)}`;
  return {
    ...witness,
    election: text(
      "Pemilihan Umum Presiden dan Wakil Presiden Republik Indonesia Tahun 2029 Putaran Kedua",
      "General Election of the President and Vice President of the Republic of Indonesia 2029, Second Round",
    ),
    endpoint: "https://saksi.koordinator.kepulauan-siau-tagulandang-biaro.sulawesi-utara.example/",
    stations: [first, ...more],
    outbox,
    messages: [true, false].map((withdrawn) => ({
      id: `message-${String(withdrawn)}`,
      region: station.regions[0] ?? null,
      text: `${reason} ${"W".repeat(80)}`,
      by: "koordinator-kepulauan-siau-tagulandang-b",
      at_ms: Date.now(),
      withdrawn,
      opened: withdrawn,
    })),
    photo_requests: [
      {
        station: station.station,
        contest: "dprd-1",
        round: 1,
        page: 19,
        reason,
        requested_at_ms: Date.now(),
      },
    ],
    carried: [901, 902].map((number) => ({
      station: `71.09.07.2011-${number}`,
      number,
      kind: "tps",
      records: 120,
      proved: number === 901 ? 120 : 99,
      refused: number === 901 ? 0 : 21,
      photos: 475,
      photos_arrived: number === 901 ? 475 : 99,
    })),
    log_alarm: { found_at_ms: Date.now() - 40 * minutes, older: checkpoint, newer: checkpoint },
  };
}

/** An incident that is written down and not sealed yet. */
export function longestReports(reports: ReportsView): ReportsView {
  const written = "Kotak suara dibuka sebelum saksi hadir. ".repeat(7);
  return {
    ...reports,
    draft: { category: "disaster", text: written, on_the_form: true, saved_at_ms: Date.now() },
  };
}

/** An enrolment that waits, with everything that there is to say. */
export function longestJoining(hasPackage: boolean): JoiningView {
  return {
    endpoint: "https://saksi-pemilihan-bersama.kabupaten-kepulauan.example",
    since_ms: Date.now() - 90 * minutes,
    has_invitation: true,
    error: hasPackage ? "unreachable" : null,
    refusal: hasPackage ? null : { code: "invitation_used", detail: "another device used it before" },
    next_attempt_at_ms: Date.now() + 134_000,
  };
}

/** The laptop of a hall that keeps a lot and cannot be reached now. */
export const longestHall: HallView = {
  address: "http://192.168.100.100:8080",
  entrusted: 120,
  waiting: 475,
  error: "unreachable",
  last_contact_at_ms: Date.now() - 9 * minutes,
};

/** A drill, the day and one that was left, each with a long name. */
export function longestElections(): ElectionCard[] {
  const card: ElectionCard = {
    number: 1,
    title: contestName,
    date: "2029-02-14",
    drill: false,
    endpoint: "https://saksi-pemilihan-bersama.kabupaten-kepulauan.example",
    is_joined: true,
    is_current: true,
    is_left: false,
    unproved: 475,
    drafts: 25,
    is_exported: false,
  };
  return [
    card,
    { ...card, number: 2, drill: true, is_current: false, unproved: 0, drafts: 1 },
    { ...card, number: 3, is_current: false, is_left: true, unproved: 0, drafts: 0 },
    {
      ...card,
      number: 4,
      title: null,
      date: null,
      is_joined: false,
      is_current: false,
      unproved: 0,
      drafts: 0,
    },
  ];
}
