// A record that cannot be drawn must not take the others away.
import type { Component } from "svelte";
import { render } from "svelte/server";
import { describe, expect, it } from "vitest";
import type { ReportView, Finding, PhotoView, TallyView } from "../../shared/generated/console";
import FindingList from "./FindingList.svelte";
import { history } from "./history";
import HistoryList from "./HistoryList.svelte";
import PhotoPane from "./PhotoPane.svelte";
import ReportList from "./ReportList.svelte";

const station = "52.71.01.1001-014";
const text = { id: "", en: "" };

/** What the components draw, as a browser would: an error goes to the nearest boundary. */
function drawn<Props extends object, Exports extends object>(
  component: Component<Props, Exports>,
  props: Props,
): string {
  const draw = render as (component: Component<Props, Exports>, options: object) => { body: string };
  return draw(component, { props, transformError: (error: unknown) => error }).body;
}

const tally = (statement: string, given: Partial<TallyView> = {}): TallyView => ({
  statement,
  device: "aabbccdd",
  witness: "A",
  round: 1,
  sequence: 1,
  sealed_at_ms: 0,
  received_at_ms: Date.UTC(2024, 1, 14, 12),
  assigned: true,
  superseded: false,
  forked: false,
  quarantined: false,
  log_index: null,
  correction_reason: null,
  corrected_by: null,
  corrects: null,
  verdicts: [],
  findings: [],
  acknowledged: [],
  ...given,
});

/** A value that fails as soon as a component reads a property of it. */
const broken = new Proxy({}, { get: () => failing() }) as never;

function failing(): never {
  throw new Error("a record that nobody foresaw");
}

describe("one bad record", () => {
  it("in the history leaves the other tallies, and says what it is", () => {
    const tallies = [tally("bad", { verdicts: [broken] }), tally("good", { witness: "B" })];
    const html = drawn(HistoryList, {
      station,
      entries: history({ tallies, sections: [] }),
      gaps: [],
      more: 0,
    });
    expect(html).toContain('data-statement="good"');
    expect(html).toContain("Hasil saksi B tiba:");
    expect(html).toContain("Bagian ini tidak bisa ditampilkan");
    expect(html).toContain("a record that nobody foresaw");
  });

  it("among the reports leaves the other reports", () => {
    const report = (statement: string, witness: string): ReportView => ({
      statement,
      device: "aa",
      witness,
      sequence: 1,
      sealed_at_ms: 0,
      received_at_ms: 0,
      assigned: true,
      forked: false,
      quarantined: false,
      log_index: null,
      report: { kind: "attendance", event: "arrived" },
    });
    const bad = Object.defineProperty(report("bad", "A"), "witness", { get: failing });
    const html = drawn(ReportList, { station, reports: [bad, report("good", "B")] });
    expect(html).toContain("Saksi B hadir di TPS");
    expect(html).toContain('data-failure="broken"');
  });

  it("among the findings leaves the other findings", () => {
    const finding = (key: Finding["key"], fields: Partial<Finding>): Finding => ({
      key,
      code: "F401",
      severity: "fault",
      title: text,
      advice: text,
      for_coordinator: { id: `kalimat ${key}`, en: "" },
      comparison: null,
      fields: [],
      ...fields,
    });
    const by = [{ witness: "A", acknowledged: false }];
    const all = [
      { finding: finding("F401", { for_coordinator: broken }), by },
      { finding: finding("F402", {}), by },
    ];
    const html = drawn(FindingList, { all, checked: true, look: () => undefined });
    expect(html).toContain("kalimat F402");
    expect(html).toContain('data-failure="broken"');
  });

  it("among the photos leaves the pages to turn to", () => {
    const photo: PhotoView = {
      hash: "aa",
      page: 1,
      witness: "A",
      tally: "00",
      total_bytes: 10,
      received_bytes: 3,
      arrived: false,
      original: { hash: "ff", total_bytes: 90, received_bytes: 0, wanted: false, arrived: false },
      sealed_at_ms: 0,
      seen_page: null,
      issues: broken,
      quarantined: false,
      log_index: null,
    };
    const pages = [1, 2].map((page) => ({ page, title: text }));
    const nothing = (): void => undefined;
    const html = drawn(PhotoPane, {
      station,
      pages,
      photos: [photo],
      page: 1,
      witness: null,
      turnTo: nothing,
      ask: nothing,
    });
    expect(html).toContain('data-page="2"');
    expect(html).toContain("sedang dalam perjalanan");
    expect(html).toContain('data-failure="broken"');
  });

  it("with an absurd time is drawn all the same", () => {
    const absurd = [2 ** 63, -(2 ** 63), Number.NaN].map((ms, index) =>
      tally(`t${index}`, { sealed_at_ms: ms, received_at_ms: ms }),
    );
    const html = drawn(HistoryList, {
      station,
      entries: history({ tallies: absurd, sections: [] }),
      gaps: [],
      more: 0,
    });
    expect(html.match(/Disegel waktu tidak masuk akal menurut jam HP/g)).toHaveLength(3);
    expect(html).not.toContain('data-failure="broken"');
  });
});
