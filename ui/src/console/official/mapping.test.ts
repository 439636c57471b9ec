// Which column means what, as the wizard changes it.
import { describe, expect, it } from "vitest";
import type { OfficialImportRequest } from "../../shared/generated/console";
import { mapped, meaningOf, plainFields } from "./mapping";

const request: OfficialImportRequest = {
  ...{ layout: "wide", sheet: 0, header_row: 1, within: null, rung: null },
  columns: { code: "Kode", "votes:1": "Suara 01" },
};

describe("a mapping of columns", () => {
  it("gives a field one column and a column one meaning", () => {
    const moved = mapped(request, "Suara 02", "votes:1");
    expect(moved.columns).toEqual({ code: "Kode", "votes:1": "Suara 02" });
    const changed = mapped(moved, "Kode", "station");
    expect(changed.columns).toEqual({ station: "Kode", "votes:1": "Suara 02" });
    expect(meaningOf(changed, "Kode")).toBe("station");
  });

  it("leaves a column out", () => {
    expect(mapped(request, "Kode", "").columns).toEqual({ "votes:1": "Suara 01" });
    expect(meaningOf(request, "Catatan")).toBe("");
  });

  it("has columns of candidates in a long table only", () => {
    expect(plainFields("long")).toContain("candidate");
    expect(plainFields("wide")).not.toContain("candidate");
  });
});
