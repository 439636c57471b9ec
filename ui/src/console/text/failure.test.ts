import { describe, expect, it } from "vitest";
import { failureText } from "./failure";

describe("a failure", () => {
  it("says what happened, and what to do where there is something to do", () => {
    expect(failureText({ code: "login_failed", detail: "" })).toBe(
      "Nama pengguna dan kata sandi tidak cocok. Periksa huruf besar dan kecilnya.",
    );
    expect(failureText({ code: "signature_invalid", detail: "" })).toBe(
      "Tanda tangannya tidak cocok dengan isinya.",
    );
  });

  it("names the time to wait where the endpoint said it", () => {
    expect(failureText({ code: "too_many_requests", detail: "", retryAfterS: 30 })).toContain("30 detik");
    expect(failureText({ code: "too_many_requests", detail: "" })).toContain("Tunggu sebentar");
  });

  it("tells who answered instead of the endpoint", () => {
    expect(failureText({ code: "not_the_endpoint", detail: "HTTP 502" })).toContain("HTTP 502");
  });
});
