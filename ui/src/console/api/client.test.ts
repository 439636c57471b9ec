// What the client asks for, and what it makes of the answers.
import { describe, expect, it } from "vitest";
import { allStations } from "../route";
import { Client } from "./client";
import { failureOf, type Failure } from "./failure";

function answering(response: () => Response): { client: Client; requests: string[] } {
  const requests: string[] = [];
  const client = new Client(async (address) => {
    requests.push(String(address));
    return response();
  });
  return { client, requests };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ type: `urn:saksi:problem:${code}`, title: "", status, code, detail: "" }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

async function failing(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => expect.unreachable("the request was answered"),
    (thrown: unknown) => failureOf(thrown),
  );
}

describe("addresses", () => {
  it("leaves out what was not given and escapes what was", async () => {
    const { client, requests } = answering(() => new Response("{}"));
    await client.region(null, { kind: null, contest: "ppwp" });
    await client.region("52.71", { kind: "dpr", contest: null });
    await client.stations({
      ...allStations({ kind: null, contest: null }, null),
      contest: "ppwp",
      standing: "missing",
      search: "a&b c",
      after: null,
    });
    await client.stations({
      ...allStations({ kind: null, contest: null }, "52.71"),
      contest: "ppwp",
      flagged: true,
      missingPhotos: true,
      sort: "age",
      after: "52.71.01.1001-014",
    });
    await client.allStations("52.71.01.1001", "ppwp");
    expect(requests).toEqual([
      "/api/regions?contest=ppwp",
      "/api/regions/52.71?kind=dpr",
      "/api/stations?contest=ppwp&standing=missing&search=a%26b+c",
      "/api/stations?contest=ppwp&region=52.71&flagged=true&missing_photos=true&sort=age&after=52.71.01.1001-014",
      "/api/stations?contest=ppwp&region=52.71.01.1001",
    ]);
  });
});

describe("failures", () => {
  it("keeps the code of a refusal and how long to wait", async () => {
    const { client } = answering(() => problem(429, "too_many_requests", { "retry-after": "30" }));
    const failure = await failing(client.login({ user: "posko", password: "wrong" }));
    expect(failure).toEqual({ code: "too_many_requests", detail: "", retryAfterS: 30 });
  });

  it("tells when a login is needed, and only then", async () => {
    let calls = 0;
    const needed = answering(() => problem(401, "login_needed")).client;
    const failed = answering(() => problem(401, "login_failed")).client;
    needed.onLoginNeeded = failed.onLoginNeeded = () => (calls += 1);
    await failing(needed.session());
    await failing(failed.login({ user: "posko", password: "wrong" }));
    expect(calls).toBe(1);
  });

  it("tells a lost line from an answer that is not ours", async () => {
    const lost = new Client(() => Promise.reject(new TypeError("network")));
    expect(await failing(lost.session())).toEqual({ code: "unreachable", detail: "" });
    const gateway = answering(() => new Response("<h1>Bad gateway</h1>", { status: 502 })).client;
    expect(await failing(gateway.session())).toEqual({ code: "not_the_endpoint", detail: "HTTP 502" });
    const page = answering(() => new Response("<h1>Welcome</h1>")).client;
    expect(await failing(page.session())).toEqual({ code: "not_the_endpoint", detail: "HTTP 200" });
  });
});
