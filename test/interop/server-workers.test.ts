import { describe, expect, it } from "vitest";
import { type H2loadResult, runH2load } from "./support/h2load.ts";
import {
  hammerConnections,
  hammerHttp1,
  hammerSessions,
  type RestartingSubject,
  startRestarting,
  type Tally,
} from "./support/restarting-subject.ts";

/** Replaces all workers twice while requests are sent; what came of those. */
async function restartTwiceUnder(
  subject: RestartingSubject,
  clients: readonly ((url: string, isOver: () => boolean) => Promise<Tally>)[],
): Promise<Tally[]> {
  let isOver = false;
  const tallies = clients.map((client) => client(subject.url, () => isOver));
  await subject.restart();
  await subject.restart();
  isOver = true;
  return Promise.all(tallies);
}

describe("a rolling restart by SIGHUP, twice", () => {
  it("loses no request in cleartext, on old connections and new ones (RFC 9113 section 6.8)", async () => {
    const subject = await startRestarting();
    const clients = [
      hammerSessions,
      hammerSessions,
      hammerConnections,
      hammerConnections,
      hammerHttp1,
      hammerHttp1,
    ];
    const tallies = await restartTwiceUnder(subject, clients);
    for (const { failures, answered, connections } of tallies) {
      expect(failures).toEqual([]);
      expect(answered).toBeGreaterThan(10);
      expect(connections).toBeGreaterThan(1);
    }
    expect(await subject.stop()).toBe(0);
  });

  it("loses no request over TLS, handshakes under way included", async () => {
    const subject = await startRestarting("--tls");
    const tallies = await restartTwiceUnder(subject, [hammerSessions, hammerConnections, hammerConnections]);
    expect(tallies.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await subject.stop()).toBe(0);
  });
});

describe("h2load during a rolling restart, twice", () => {
  const restartUnder = async (args: readonly string[], ...options: string[]): Promise<H2loadResult> => {
    const subject = await startRestarting(...options);
    const load = runH2load([...args, `${subject.url}/?size=1000`]);
    await subject.restart();
    await subject.restart();
    const result = await load;
    expect(await subject.stop()).toBe(0);
    return result;
  };
  // 40 connections a second for ten seconds, each for one request.
  const connections = ["--rate=40", "--clients=400", "--requests=400"];
  const allWell = { total: 400, succeeded: 400, failed: 0, successful: 400 };

  it("has no failed request on new connections in cleartext", async () => {
    expect(await restartUnder(connections)).toEqual({ ...allWell, protocol: "h2c" });
  });

  it("has no failed request on new connections over TLS", async () => {
    expect(await restartUnder(connections, "--tls")).toEqual({ ...allWell, protocol: "h2" });
  });

  it("has no failed request on connections of HTTP/1.1 that are kept alive", async () => {
    const result = await restartUnder(["--h1", "--clients=4", "--duration=10"]);
    expect(result).toMatchObject({ failed: 0, protocol: "http/1.1" });
    expect(result.succeeded).toBeGreaterThan(100);
  });
});
