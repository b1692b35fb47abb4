import type { Ask, Misbehaviour } from "./misbehaviour.ts";
import { ScriptedServer } from "./scripted.ts";
import { readSettled, type Settled } from "./settled.ts";

/** A client that is tried. */
export interface Driver {
  readonly name: string;
  /** Makes a request and reads the whole response, unless the ask leaves it unread. */
  request(url: string, ask: Ask, signal: AbortSignal): Promise<Answer>;
  /** Ends whatever is left. */
  close(): Promise<void>;
}

/** A response, and how many octets of its body were read. */
export interface Answer {
  readonly status: number;
  readonly octets: number;
}

/** What the platform lends for a run. `h2wire/testing/node` has one for Node. */
export interface RunHost {
  listen(server: ScriptedServer, options: { speaksHttp1: boolean }): Promise<ListeningServer>;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls back once, unless it is called off. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Settles when everything had its turn that is due. */
  turn(): Promise<void>;
  /** How many there are of each kind of what keeps the process busy, such as sockets and timers. */
  resources(): Record<string, number>;
}

export interface ListeningServer {
  readonly origin: string;
  readonly openConnections: number;
  close(): Promise<void>;
}

export interface RunOptions {
  /** Milliseconds in which every request has to settle, and again for closing: 3,000 unless given. */
  readonly deadline?: number;
}

/** What a run has shown. */
export interface RunReport {
  readonly id: string;
  readonly variant: number;
  /** How each ask settled, in order. */
  readonly settled: readonly Settled[];
  readonly connections: number;
  /** Requests that the server saw. */
  readonly requests: number;
  /** What was still there when everything was closed, in words. */
  readonly leftovers: readonly string[];
  /** What the script failed with, and the rules that the client broke. */
  readonly failures: readonly unknown[];
}

/** Plays a misbehaviour to a client, once for each variant. */
export async function runMisbehaviour(
  entry: Misbehaviour,
  makeDriver: () => Driver,
  host: RunHost,
  options: RunOptions = {},
): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  for (let variant = 0; variant < (entry.variants ?? 1); variant++) {
    reports.push(await runOnce(entry, variant, makeDriver(), host, options.deadline ?? 3_000));
  }
  return reports;
}

async function runOnce(
  entry: Misbehaviour,
  variant: number,
  driver: Driver,
  host: RunHost,
  deadline: number,
): Promise<RunReport> {
  const before = host.resources();
  const server = new ScriptedServer(entry.script, variant);
  const listening = await host.listen(server, { speaksHttp1: entry.speaksHttp1 ?? false });
  const settled = await settleAll(entry, driver, server, listening.origin, host, deadline);
  const leftovers = await closeAll(driver, listening, host, deadline, before);
  return {
    id: entry.id,
    variant,
    settled,
    connections: server.peers.length,
    requests: server.requestCount,
    leftovers,
    failures: server.failures,
  };
}

async function settleAll(
  entry: Misbehaviour,
  driver: Driver,
  server: ScriptedServer,
  origin: string,
  host: RunHost,
  deadline: number,
): Promise<Settled[]> {
  const controllers: AbortController[] = [];
  const settled: Settled[] = [];
  const pending: Promise<void>[] = [];
  const asks = entry.asks ?? [{}];
  for (const [index, ask] of asks.entries()) {
    const controller = new AbortController();
    controllers.push(controller);
    settled.push({ kind: "pending" });
    const begun = host.now();
    const answer = driver.request(`${origin}${ask.path ?? "/"}`, ask, controller.signal);
    const noted = readSettled(answer, () => host.now() - begun).then((how) => {
      settled[index] = how;
    });
    pending.push(noted);
    if (ask.isAborted === true) abortWhenSeen(controller, server, host);
    if (entry.inTurn === true) await inTime(noted, host, deadline);
  }
  await inTime(Promise.all(pending), host, deadline);
  const atDeadline = settled.slice();
  for (const controller of controllers) controller.abort();
  return atDeadline;
}

async function abortWhenSeen(
  controller: AbortController,
  server: ScriptedServer,
  host: RunHost,
): Promise<void> {
  while (server.requestCount === 0 && !controller.signal.aborted) await host.turn();
  controller.abort();
}

async function closeAll(
  driver: Driver,
  listening: ListeningServer,
  host: RunHost,
  deadline: number,
  before: Record<string, number>,
): Promise<string[]> {
  const leftovers: string[] = [];
  if (!(await inTime(driver.close(), host, deadline))) leftovers.push("closing does not settle");
  await waitUntil(() => listening.openConnections === 0, host, deadline);
  if (listening.openConnections > 0) leftovers.push(`${listening.openConnections} connections`);
  await listening.close();
  await waitUntil(() => moreThan(before, host.resources()).length === 0, host, deadline);
  return [...leftovers, ...moreThan(before, host.resources())];
}

/** Whether the promise has settled in time. */
function inTime(promise: Promise<unknown>, host: RunHost, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = host.after(milliseconds, () => resolve(false));
    const settled = (): void => {
      callOff();
      resolve(true);
    };
    promise.then(settled, settled);
  });
}

async function waitUntil(isTrue: () => boolean, host: RunHost, milliseconds: number): Promise<void> {
  const begun = host.now();
  while (!isTrue() && host.now() - begun < milliseconds) await host.turn();
}

function moreThan(before: Record<string, number>, after: Record<string, number>): string[] {
  return Object.entries(after)
    .filter(([kind, count]) => count > (before[kind] ?? 0))
    .map(([kind, count]) => `${count - (before[kind] ?? 0)} ${kind}`);
}
