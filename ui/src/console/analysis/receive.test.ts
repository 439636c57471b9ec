import { expect, test } from "vitest";
import { digestOf, nameOf, receive, type Progress } from "./receive";

test("a file arrives with its name, its fingerprint and how far it is", async () => {
  const encoder = new TextEncoder();
  const pieces = ["kode,suara\n1,2\n", "3,4\n"];
  const body = new ReadableStream({
    start(controller): void {
      pieces.forEach((piece) => controller.enqueue(encoder.encode(piece)));
      controller.close();
    },
  });
  const headers = {
    "saksi-rows": "2",
    "content-disposition": 'attachment; filename="hasil-ppwp-semua.csv"',
    "repr-digest": "sha-256=:AAEC:",
  };
  const seen: Progress[] = [];
  const received = await receive(new Response(body, { headers }), (so) => seen.push(so));
  expect(seen.map(({ rows, of }) => [rows, of])).toEqual([
    [1, 2],
    [2, 2],
  ]);
  expect(await received.file.text()).toBe(pieces.join(""));
  expect([received.name, received.sha256]).toEqual(["hasil-ppwp-semua.csv", "000102"]);
});

test("half a file is an error", async () => {
  const body = new ReadableStream({
    start(controller): void {
      controller.enqueue(new Uint8Array([1]));
      controller.error(new Error("broken"));
    },
  });
  await expect(receive(new Response(body), () => undefined)).rejects.toThrow();
});

test("a header that says nothing names nothing", () => {
  expect(nameOf(null)).toBe("saksi");
  expect(nameOf('attachment; filename="../../x"')).toBe("saksi");
  expect(digestOf("sha-512=:AAEC:")).toBeNull();
});
