import { expect, it } from "vitest";
import { type ClientSession, connect, type RequestOptions } from "../../../src/http/client.ts";
import { type H2loadResult, runH2load } from "./h2load.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { randomOctets, sha256 } from "./octets.ts";

const FIVE_MEBIBYTES = 5 * 1024 * 1024;

/** What a server says of a request. */
export interface Introduction {
  readonly pid: number;
  readonly protocol: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly "x-forwarded-for"?: string;
  readonly "x-forwarded-proto"?: string;
  readonly "x-forwarded-host"?: string;
}

/** Speaks HTTP/2 to the balancer, by ALPN. */
async function withSession<Result>(
  { url, workspace }: LoadBalancer,
  use: (session: ClientSession) => Promise<Result>,
): Promise<Result> {
  const session = await connect(url, { negotiation: "alpn", tls: { ca: workspace.certificate.cert } });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** What the server says to whom a request has come. */
async function introduction(session: ClientSession, options: RequestOptions = {}): Promise<Introduction> {
  const response = await session.request(options);
  return JSON.parse(await response.text()) as Introduction;
}

/** @param protocol - what the balancer speaks to the servers. */
export function itDistributes(balancer: () => LoadBalancer, protocol: "h2" | "http/1.1"): void {
  it(`distributes requests of HTTP/2 over three processes, which see ${protocol}`, async () => {
    const seen = new Set<number>();
    const protocols = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const said = await withSession(balancer(), (session) => introduction(session));
      seen.add(said.pid);
      protocols.add(said.protocol);
    }
    expect([...seen].sort()).toEqual(balancer().servers.pids().sort());
    expect([...protocols]).toEqual([protocol]);
  });
}

/** @param replacesHost - whether the balancer writes over X-Forwarded-Host too. */
export function itForwardsAddresses(balancer: () => LoadBalancer, replacesHost: boolean = true): void {
  it("writes the client's address and scheme over what the client says in X-Forwarded fields", async () => {
    const headers: [string, string][] = [
      ["x-forwarded-for", "192.0.2.66"],
      ["x-forwarded-proto", "gopher"],
      ["x-forwarded-host", "example.org"],
    ];
    const said = await withSession(balancer(), (session) => introduction(session, { headers }));
    expect(said).toMatchObject({ "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https" });
    expect(said["x-forwarded-host"]).toBe(replacesHost ? new URL(balancer().url).host : "example.org");
  });
}

export function itCarriesBodies(balancer: () => LoadBalancer): void {
  it("carries five mebibytes up and down unharmed", async () => {
    const body = randomOctets(FIVE_MEBIBYTES);
    const bodies = await withSession(balancer(), async (session) => {
      const send = async (): Promise<string> => {
        const response = await session.request({ method: "POST", path: "/echo", body });
        return sha256(await response.bytes());
      };
      return Promise.all([send(), send()]);
    });
    expect(bodies).toEqual([sha256(body), sha256(body)]);
  });
}

/** @param passes - whether the balancer lets trailers of responses through. */
export function itTreatsTrailers(balancer: () => LoadBalancer, passes: boolean): void {
  it(`${passes ? "passes" : "drops"} the trailers of a response`, async () => {
    const trailers = await withSession(balancer(), async (session) => {
      const response = await session.request({ method: "POST", path: "/echo", body: randomOctets(1000) });
      await response.bytes();
      return response.trailers;
    });
    expect(trailers).toEqual(passes ? [["x-octets", "1000"]] : []);
  });
}

/** @param method - GET, or POST with a body of a few octets. */
export function itSurvivesRestart(balancer: () => LoadBalancer, method: "GET" | "POST" = "GET"): void {
  it(`loses no ${method} under load while each process is replaced, and each ends by itself`, async () => {
    const { servers } = balancer();
    const before = servers.pids();
    const { exits, load } = await restartUnderLoad(balancer(), method);
    expect(exits).toEqual([0, 0, 0]);
    expect(load).toEqual({ total: load.total, successful: load.total, failed: 0 });
    expect(load.total).toBeGreaterThanOrEqual(ROUND);
    expect(servers.pids().filter((pid) => before.includes(pid))).toEqual([]);
  });
}

export function itFinishesOldRequests(balancer: () => LoadBalancer): void {
  it("finishes the requests that a process has begun before its SIGTERM (RFC 9113 section 6.8)", async () => {
    const { servers } = balancer();
    const answers = await withSession(balancer(), async (session) => {
      const slow = () => session.request({ path: "/slow?for=1500" });
      const begun = await Promise.all([slow(), slow(), slow(), slow(), slow(), slow()]);
      const [exits, ...texts] = await Promise.all([
        servers.restartEach(),
        ...begun.map((response) => response.text()),
      ]);
      return { exits, texts };
    });
    expect(answers).toEqual({ exits: [0, 0, 0], texts: Array(6).fill("late") });
  });
}

/** Requests of one run of h2load, which opens its connections anew. */
const ROUND = 600;

/** Milliseconds that a balancer may take to send requests to a new process. */
const PATIENCE = 20_000;

/** Asks until the process answers: then the balancer has it back. */
async function untilAnsweredBy(balancer: LoadBalancer, pid: number): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    const said = await withSession(balancer, (session) => introduction(session)).catch(() => null);
    if (said?.pid === pid) return;
  }
  throw new Error(`the balancer sends nothing to the new process:\n${balancer.output()}`);
}

/** h2load, run after run, until all three processes have been replaced, one when the balancer has the last one back. */
async function restartUnderLoad(
  balancer: LoadBalancer,
  method: "GET" | "POST",
): Promise<{
  exits: (number | NodeJS.Signals)[];
  load: Pick<H2loadResult, "total" | "successful" | "failed">;
}> {
  const { url, servers, workspace } = balancer;
  const data = method === "POST" ? [`--data=${await workspace.write("data", "a few octets")}`] : [];
  const args = [`--requests=${ROUND}`, "--clients=6", "--max-concurrent-streams=4", ...data];
  const load = { total: 0, successful: 0, failed: 0 };
  let isOver = false;
  const settled = (pid: number): Promise<void> => untilAnsweredBy(balancer, pid);
  const restart = servers.restartEach(settled).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const { total, successful, failed } = await runH2load([
      ...args,
      `${url}/${method === "POST" ? "echo" : ""}`,
    ]);
    load.total += total;
    load.successful += successful;
    load.failed += failed;
  }
  return { exits: await restart, load };
}
