// Stands in for the shell in a browser, so that the screens can be looked at: `vite --mode dev-fake`, then
// `dev/witness.html?scene=…`. It knows no rule; it only plays scenes. It is in no shipped program.
import type {
  AppView,
  DrillResultView,
  DrillView,
  Failure,
  FieldCode,
  Figure,
  LifeState,
  OutboxView,
  ReportsView,
  RowView,
  TallyCard,
  TallyView,
} from "../src/shared/generated/witness";
import {
  longestElections,
  longestHall,
  longestJoining,
  longestPhotos,
  longestReports,
  longestTally,
  longestWitness,
  refusedAndDisputed,
} from "./longest";
import { papers, repeatedVote, restOf, sampleListFigures, written } from "./papers";
import { sampleApp, sampleFigures, sampleFindings, sampleTally, text } from "./sample";

const query = new URLSearchParams(location.search);
const scene = query.get("scene") ?? "draft";
const minutes = 60_000;
const statement = "9c410e7bd2a658f317bce4803ad96f25b80341ce7d9605fac26e93b1a8d42f70";

let app: AppView = { ...sampleApp(), language: query.get("language") === "en" ? "en" : "id" };
let tally: TallyView = sampleTally();

function patchOutbox(outbox: Partial<OutboxView>): void {
  if (app.witness !== null) {
    app = { ...app, witness: { ...app.witness, outbox: { ...app.witness.outbox, ...outbox } } };
  }
}

function write(field: FieldCode, figure: Figure | null): void {
  tally = written(tally, { [field]: figure });
}

function live(state: LifeState): void {
  const received = state === "accepted" || state === "receipted" ? Date.now() - 4 * minutes : null;
  const refusal =
    state === "refused" ? ({ code: "figures_unfit", detail: "24 figures, 26 wanted" } as const) : null;
  tally = {
    ...tally,
    life: {
      state,
      since_ms: Date.now() - 7 * minutes,
      received_at_ms: received,
      entrusted_at_ms: null,
      refusal,
      verdict: null,
    },
    statement: state === "draft" ? null : statement,
  };
}

function fill(upTo: number): void {
  const words: Record<string, string> = {
    "IV.1": "seratus dua puluh delapan",
    "IV.2": "sembilan puluh tujuh",
    "I.A.L": "seratus empat puluh",
  };
  for (const [field, figure] of Object.entries(sampleFigures).slice(0, upTo)) {
    write(field, figure);
    const said = words[field];
    if (said !== undefined) {
      for (const section of tally.sections) {
        for (const row of section.rows) {
          for (const cell of row.cells) {
            if (cell.field === field) {
              cell.words = text(said);
            }
          }
        }
      }
    }
  }
  live("draft");
}

function photograph(page: number, sealed: boolean, sent: number): void {
  const total = 690_000;
  tally = {
    ...tally,
    pages: tally.pages.map((each) =>
      each.page !== page
        ? each
        : {
            ...each,
            photo: {
              hash: `${page}`.repeat(64),
              taken_at_ms: Date.now() - 9 * minutes,
              width_px: 1200,
              height_px: 1800,
              total_bytes: total,
              sent_bytes: sent,
              sealed,
              arrived: sent === total,
              refusal: null,
              drawn: false,
              seen: null,
            },
          },
    ),
  };
}

/** Takes another paper, with the figures of this many parties on it. */
function take(name: string, parties: number): void {
  tally = papers[name]?.() ?? tally;
  if (parties > 0) {
    fill(99);
    tally = written(tally, sampleListFigures(tally, parties));
  }
}

/** The row with a digit in each of five boxes, as abroad. */
function fullBoxes(row: RowView): RowView {
  return { ...row, cells: row.cells.map((cell) => ({ ...cell, digits: 5, figure: { written: 99_999 } })) };
}

/** Another paper of the station has another figure. */
function ask(): void {
  const question = {
    field: "I.A.J",
    here: 234,
    there: 243,
    other_contest: "ppwp",
    other_short_title: text("Pilpres", "the president"),
    finding: {
      key: "W501@I.A.J",
      code: "W501" as const,
      severity: "warning" as const,
      title: text("DPT berbeda dari Pilpres", "The DPT differs from the president's paper"),
      advice: text("Lihat kedua lembar.", "Look at both sheets."),
      for_coordinator: text("DPT 234, di Pilpres 243.", "DPT 234, on the president's paper 243."),
      comparison: null,
      fields: ["I.A.J"],
    },
    key: "W501@I.A.J",
    answered_at_ms: null,
  };
  tally = { ...written(tally, { "I.A.J": { written: 234 } }), questions: [question], open_questions: 1 };
}

const waiting: Partial<OutboxView> = {
  tallies_waiting: 1,
  reports_waiting: 0,
  photos_waiting: 3,
  bytes_waiting: 1_890_000,
  photo: { contest: "ppwp", round: 1, page: 2, sent_bytes: 412_000, total_bytes: 690_000 },
  error: "unreachable",
  next_attempt_at_ms: Date.now() + 134_000,
};

const scenes: Record<string, () => void> = {
  join: () => (app = { ...app, witness: null }),
  joining: () =>
    (app = { ...app, witness: null, joining: longestJoining(false), elections: longestElections() }),
  elections: () => (app = { ...app, elections: longestElections() }),
  hall: () => {
    fill(99);
    for (const page of [1, 2, 3]) {
      photograph(page, true, 0);
    }
    live("sealed");
    tally = { ...tally, life: { ...tally.life, entrusted_at_ms: Date.now() - 2 * minutes } };
    app = { ...app, joining: longestJoining(true), elections: longestElections() };
    if (app.witness !== null) {
      const stations = app.witness.stations.map((each) => ({ ...each, is_own: true }));
      app = { ...app, witness: { ...app.witness, stations, hall: longestHall } };
    }
  },
  new: () => undefined,
  draft: () => fill(24),
  full: () => fill(99),
  check: () => {
    fill(99);
    photograph(1, false, 0);
    photograph(2, false, 0);
    const sections = tally.sections.map((each) => ({
      ...each,
      has_open_fault: each.code === "IV" || each.code === "V",
    }));
    tally = { ...tally, sections, findings: sampleFindings(null), open_faults: 1, checks_passed: 17 };
  },
  sealed: () => {
    fill(99);
    for (const [page, sent] of [
      [1, 690_000],
      [2, 412_000],
      [3, 0],
    ] as const) {
      photograph(page, true, sent);
    }
    live("sealed");
    tally = { ...tally, findings: sampleFindings(Date.now() - 12 * minutes) };
    patchOutbox(waiting);
  },
  accepted: () => {
    fill(99);
    for (const page of [1, 2, 3]) {
      photograph(page, true, 690_000);
    }
    live("accepted");
    patchOutbox({ last_contact_at_ms: Date.now() - 4 * minutes });
  },
  refused: () => {
    fill(99);
    live("refused");
    patchOutbox({ refused: 1, last_contact_at_ms: Date.now() - 4 * minutes });
  },
  many: () => {
    fill(12);
    patchOutbox(waiting);
  },
  long: () => {
    fill(99);
    tally = longestTally(tally);
    for (const page of [1, 2, 3]) {
      photograph(page, true, 690_000);
    }
    live("receipted");
    const receipt = { leaf_index: 4_123_455, tree_size: 4_123_999, log: "log.example/".repeat(6) };
    tally = {
      ...longestPhotos(tally),
      findings: sampleFindings(Date.now() - 12 * minutes),
      sealed_at_ms: Date.now() - 7 * minutes,
      receipt: { ...receipt, verified_at_ms: Date.now() - 3 * minutes },
      correction_reason: "salahketik".repeat(20),
      life: { ...tally.life, received_at_ms: Date.now() - 5 * minutes },
    };
    const photo = { station: tally.station, contest: tally.contest, round: 1, page: 19 };
    app = { ...app, health: { restored_at_ms: Date.now() - 90 * minutes, lost_photos: [photo] } };
  },
  long_refused: () => {
    scenes["long"]?.();
    tally = refusedAndDisputed(tally);
  },
  long_draft: () => {
    fill(99);
    for (const page of [1, 2]) {
      photograph(page, false, 0);
    }
    tally = longestPhotos(longestTally(tally));
    const correction = "salahketik".repeat(20);
    tally = {
      ...tally,
      findings: sampleFindings(null),
      open_faults: 1,
      open_readings: 1,
      correction_reason: correction,
    };
  },
  dpr_sealed: () => {
    take("dpr", 18);
    for (const page of tally.pages) {
      photograph(page.page, true, page.page < 9 ? 690_000 : 0);
    }
    live("sealed");
  },
  dpr_photos: () => {
    take("dpr", 18);
    for (const page of [1, 2, 3, 5, 8, 12, 13, 20]) {
      photograph(page, false, 0);
    }
    const [first, second] = tally.pages;
    tally = {
      ...tally,
      pages: tally.pages.map((page) =>
        page.photo === null
          ? page
          : {
              ...page,
              photo: { ...page.photo, seen: { page: page.page, issues: page.page === 5 ? ["blurred"] : [] } },
            },
      ),
      unassigned_photos: [first, second].flatMap((page, at) =>
        page?.photo ? [{ ...page.photo, hash: `${at}f`.repeat(32) }] : [],
      ),
    };
  },
  questions: () => {
    take("dpr", 11);
    ask();
  },
  rounds: () => {
    fill(24);
    tally = { ...tally, round: repeatedVote };
  },
  long_dpr: () => {
    take("dprd", 16);
    ask();
    const name = "Partai Persatuan Kebangkitan Masyarakat Kepulauan Nusantara Bersatu Sejahtera";
    tally = {
      ...longestTally(tally),
      sections: longestTally(tally).sections.map((each) =>
        each.party === null
          ? each
          : { ...each, title: text(`${each.party}. ${name}`), rows: each.rows.map(fullBoxes) },
      ),
      round: { ...repeatedVote, reason: text("Pemilih dari luar daerah ikut memilih. ".repeat(4)) },
      pages: tally.pages.map((page) => ({
        ...page,
        title: page.page > 1 ? text(`${page.page}. ${name}`) : page.title,
      })),
    };
    for (const page of [1, 2, 3, 5]) {
      photograph(page, false, 0);
    }
    const [photo] = tally.pages;
    tally = { ...tally, unassigned_photos: photo?.photo ? [{ ...photo.photo, hash: "ef".repeat(32) }] : [] };
  },
  drill: () => {
    fill(24);
    tally = { ...tally, drill: true };
    if (app.witness !== null) {
      app = { ...app, witness: { ...app.witness, drill: true }, drill: sampleDrill() };
    }
  },
  class: () => {
    scenes["drill"]?.();
    const drill = sampleDrill();
    const led = { paused: true, network_cut: true, hand_raised: true, is_known: true, exercise_open: 1 };
    const steps = (["join", "type_figures", "photograph", "seal", "see_arrival"] as const).map((step) => ({
      step,
      done: step === "join",
    }));
    const story = text(
      "Petugas menolak memberikan salinan formulir hasil. Anda berkeberatan.",
      "The officers refuse to hand out the copy of the result form. You object.",
    );
    const sheet = drill.sheet && { ...drill.sheet, story };
    app = { ...app, drill: { ...drill, class: led, steps, sheet, happening: [] } };
  },
};
for (const name of Object.keys(papers)) {
  scenes[name] = () => take(name, 11);
  scenes[`${name}_new`] = () => take(name, 0);
}
scenes[scene]?.();

function appNow(): AppView {
  const [station] = app.witness?.stations ?? [];
  const [card] = station?.tallies ?? [];
  if (app.witness === null || station === undefined || card === undefined) {
    return app;
  }
  const mine: TallyCard = {
    ...card,
    contest: tally.contest,
    kind: tally.kind,
    round: tally.round,
    fields: tally.fields,
    pages: tally.pages.length,
    title: tally.title,
    short_title: tally.short_title,
    life: tally.life,
    filled: tally.filled,
    open_faults: tally.open_faults,
    pages_photographed: tally.pages.filter((page) => page.photo !== null).length,
  };
  const other = (contest: string, title: string, state: LifeState): TallyCard => ({
    ...card,
    contest,
    title: text(title),
    short_title: text(title),
    filled: card.fields,
    pages_photographed: 3,
    life: {
      state,
      since_ms: Date.now() - 60 * minutes,
      received_at_ms: null,
      entrusted_at_ms: null,
      refusal: null,
      verdict: null,
    },
  });
  const tallies =
    scene === "many"
      ? [
          other("dpr", "DPR RI", "receipted"),
          other("dpd", "DPD RI", "accepted"),
          other("dprdp", "DPRD Provinsi", "sealed"),
          mine,
        ]
      : tally.round === null
        ? [mine]
        : [
            {
              ...other(tally.contest, "", "receipted"),
              is_newest_round: false,
              round: null,
              title: tally.title,
              short_title: tally.short_title,
            },
            mine,
          ];
  const stations = [{ ...station, tallies }];
  if (scene === "many") {
    stations.push({ ...station, station: "52.71.99.1001-901", number: 901, tallies: [mine] });
  }
  const witness = { ...app.witness, stations };
  return { ...app, witness: scene.startsWith("long") ? longestWitness(witness) : witness };
}

function reportsNow(): ReportsView {
  return {
    draft: null,
    text_chars_max: 300,
    sealed: [
      {
        statement: "5a".repeat(32),
        sealed_at_ms: Date.now(),
        life: tally.life,
        report: {
          kind: "incident",
          category: "other",
          text: "Kotak suara dibuka sebelum saksi hadir. ".repeat(7),
          on_the_form: false,
        },
      },
    ],
  };
}

const crossed = new Map<string, string[]>();

/** The paper with what can be taken back in each section. */
function withCrossed(): TallyView {
  tally = {
    ...tally,
    sections: tally.sections.map((each) => ({ ...each, crossed_out: crossed.get(each.code)?.length ?? 0 })),
  };
  return tally;
}

type Arguments = Record<string, unknown>;

const commands: Readonly<Record<string, (given: Arguments) => unknown>> = {
  app: () => appNow(),
  set_language: ({ language }) => (app = { ...app, language: language === "en" ? "en" : "id" }),
  join: () => {
    throw { code: "invitation_used", detail: "used on 14 February" } satisfies Failure;
  },
  practise: () => appNow(),
  end_practice: () => appNow(),
  begin_exercise: () => appNow(),
  drill_result: () => sampleResult(),
  sheet_page: async () => {
    const page = new OffscreenCanvas(210, 297);
    // A canvas that nobody draws on has no picture.
    page.getContext("2d");
    return (await page.convertToBlob()).arrayBuffer();
  },
  choose_election: () => appNow(),
  leave_election: () => {
    throw { code: "not_proved_yet", detail: "12 records" } satisfies Failure;
  },
  undo_leave_election: () => appNow(),
  forget_invitation: () => appNow(),
  accept_package: () => {
    throw { code: "package_unreadable", detail: "expected value at line 1" } satisfies Failure;
  },
  export_package: () => "/storage/emulated/0/".repeat(6),
  record_at: () => {
    throw { code: "cannot_record_at", detail: "52.71.05.1001-999" } satisfies Failure;
  },
  open_messages: () => appNow(),
  offered_invitation: () => null,
  sync_now: () => appNow(),
  export_bundle: () => ({
    statements: 120,
    photos: 475,
    bytes: 999_000_000,
    path: "/storage/emulated/0/".repeat(6),
  }),
  open_tally: () => tally,
  reports: (): ReportsView => {
    const reports = reportsNow();
    return scene.startsWith("long") ? longestReports(reports) : reports;
  },
  set_figure: ({ field, figure }) => {
    write(field as FieldCode, figure as Figure | null);
    return tally;
  },
  cross_out_rest: ({ section }) => {
    const each = tally.sections.find(({ code }) => code === section);
    const rest = each === undefined ? [] : restOf(each);
    tally = written(tally, Object.fromEntries(rest.map((field) => [field, "blank" as const])));
    crossed.set(String(section), rest);
    return withCrossed();
  },
  undo_cross_out: ({ section }) => {
    const rest = crossed.get(String(section)) ?? [];
    crossed.delete(String(section));
    tally = written(tally, Object.fromEntries(rest.map((field) => [field, null])));
    return withCrossed();
  },
  add_photos: () => {
    photograph(tally.pages.find((page) => page.photo === null)?.page ?? 1, tally.life.state !== "draft", 0);
    return { tally, failed: [] };
  },
  assign_photo: ({ photo: hash, page }) => {
    photograph(Number(page), false, 0);
    tally = { ...tally, unassigned_photos: tally.unassigned_photos.filter((photo) => photo.hash !== hash) };
    return tally;
  },
  discard_photo: ({ photo: hash }) => {
    tally = { ...tally, unassigned_photos: tally.unassigned_photos.filter((photo) => photo.hash !== hash) };
    return tally;
  },
  acknowledge: ({ finding, given }) => {
    const at = given === true ? Date.now() : null;
    if (String(finding).startsWith("W5")) {
      tally = {
        ...tally,
        open_questions: at === null ? 1 : 0,
        questions: tally.questions.map((each) => ({ ...each, answered_at_ms: at })),
      };
      return tally;
    }
    if (String(finding).startsWith("R-")) {
      const readings = tally.readings.map((each) =>
        each.key === finding ? { ...each, answered_at_ms: at } : each,
      );
      tally = { ...tally, readings, open_readings: at === null ? 1 : 0 };
    } else {
      tally = { ...tally, findings: sampleFindings(at), open_faults: at === null ? 1 : 0 };
    }
    return tally;
  },
  attach_photo: () => {
    photograph(tally.pages.find((page) => page.photo === null)?.page ?? 1, tally.life.state !== "draft", 0);
    return tally;
  },
  remove_photo: ({ page }) => {
    tally = {
      ...tally,
      pages: tally.pages.map((each) => (each.page === page ? { ...each, photo: null } : each)),
    };
    return tally;
  },
  photo: async () => {
    const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="1800"><path fill="#efe9dc" d="M0 0h1200v1800H0z"/><path stroke="#333" stroke-width="6" fill="none" d="M120 300h960v1200H120zM120 700h960M120 1100h960"/></svg>`;
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(sheet)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [600, 900];
    canvas.getContext("2d")?.drawImage(image, 0, 0, 600, 900);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg"));
    return blob?.arrayBuffer();
  },
  seal: () => {
    live("sealed");
    tally = {
      ...tally,
      pages: tally.pages.map((page) => ({ ...page, photo: page.photo && { ...page.photo, sealed: true } })),
    };
    patchOutbox(waiting);
    return tally;
  },
  begin_correction: ({ reason }) => {
    const superseded = [{ statement, life: tally.life }];
    live("draft");
    tally = { ...tally, superseded, correction_reason: String(reason) };
    return tally;
  },
  abandon_correction: () => {
    live("sealed");
    tally = { ...tally, superseded: [], correction_reason: null };
    return tally;
  },
};

/** A result with two slips. */
function sampleResult(): DrillResultView {
  return {
    exercise: 1,
    sheet: "1-01",
    level: "handwriting",
    attempt: 2,
    station: tally.station,
    contest: tally.contest,
    round: 1,
    title: text("Pilpres", "President"),
    minutes: 8,
    seconds: 372,
    fields: 28,
    right: 26,
    right_before: 21,
    wrong: [
      {
        field: "II.3",
        label: text("Surat suara dikembalikan karena rusak", "Ballots returned as spoiled"),
        column: null,
        paper: "blank",
        words: text(""),
        typed: { written: 0 },
        slip: "zero_for_blank",
      },
      {
        field: "IV.1",
        label: text("Sagara Wanamukti dan Laras Puspanagari"),
        column: null,
        paper: { written: 123 },
        words: text("seratus dua puluh tiga", "one hundred and twenty-three"),
        typed: { written: 128 },
        slip: "digit_differs",
      },
    ],
    sections: tally.sections.map((section, index) => ({
      section: section.code,
      title: section.title,
      fields: section.fields,
      right: section.fields - (index === 3 ? 1 : 0),
      seconds: 40 + 31 * index,
    })),
    checks: [
      {
        key: "F401",
        title: text(
          "Suara sah berbeda dari jumlah suara calon",
          "Valid votes differ from the candidates' sum",
        ),
        judged: "confirmed_not_mended",
      },
    ],
    photos: { pages: 3, photographed: 3, missing: [], poor: [{ page: 3, issues: ["blurred"] }] },
    objecting: "missed",
    look_for: ["digit_by_digit", "blank_is_not_zero", "good_photos"],
    next_exercise: 2,
  };
}

/** The drill of somebody who practises alone. */
function sampleDrill(): DrillView {
  return {
    title: "Jumlah yang keliru",
    level: "sums",
    exercises: [1, 2].map((number) => ({
      number,
      title: text("Pilpres", "President"),
      round: 1,
      minutes: 8,
      done: number === 1,
    })),
    sheet: {
      exercise: 1,
      number: "1-01",
      attempt: 2,
      station: tally.station,
      contest: tally.contest,
      round: 1,
      title: text("Pilpres", "President"),
      minutes: 8,
      pages: [1, 2, 3].map((page) => ({
        page,
        title: text(`Halaman ${page}`, `Page ${page}`),
        is_there: true,
      })),
      story: null,
      filled: 12,
      fields: 28,
      photographed: 1,
      sealed: false,
    },
    class: null,
    happening: [{ what: { wrong_clock: -190 }, until_ms: null }],
    steps: [],
    progress: [
      {
        sheet: "1-01",
        level: "sums",
        attempt: 1,
        title: text("Pilpres", "President"),
        ended_at_ms: Date.now() - 20 * minutes,
        fields: 28,
        right: 26,
        seconds: 372,
      },
    ],
  };
}

export async function invoke(command: string, given?: unknown): Promise<unknown> {
  const run = commands[command];
  if (run === undefined) {
    throw new Error(`no command ${command}`);
  }
  return run((given ?? {}) as Arguments);
}

export async function listen(): Promise<() => void> {
  return () => undefined;
}
