import { Agent, get, type IncomingMessage } from "node:http";
import { ClientError, type ClientSession, connect } from "../../../src/http/client.ts";
import { serve } from "../../cli/support/command.ts";

/** `h2wire serve` with two workers, for the rest of the test. */
export interface RestartingSubject {
  readonly url: string;
  /** Replaces both workers; resolves when that is done. */
  restart(): Promise<void>;
  /** Ends it; the exit code. */
  stop(): Promise<number | string>;
}

export async function startRestarting(...args: string[]): Promise<RestartingSubject> {
  const { server, url } = await serve("--workers", "2", "--log", "none", ...args);
  let restarts = 0;
  return {
    url,
    restart: async () => {
      restarts += 1;
      server.child.kill("SIGHUP");
      await server.prints(new RegExp(`(Every process has been replaced[^]*){${restarts}}`));
    },
    stop: () => server.end("SIGTERM"),
  };
}

/** What came of requests that were sent one after the other as fast as possible. */
export interface Tally {
  answered: number;
  /** Connections that were opened. */
  connections: number;
  readonly failures: string[];
}

/** Octets of each response. */
const SIZE = 3000;
const PATH = `/?size=${SIZE}`;

/** Sends requests on a connection of HTTP/2 until it takes no more, and then on a new one. */
export async function hammerSessions(url: string, isOver: () => boolean): Promise<Tally> {
  const tally: Tally = { answered: 0, connections: 0, failures: [] };
  while (!isOver()) {
    const session = await openSession(url, tally);
    if (session !== null) await useUp(session, tally, isOver);
    await session?.close();
  }
  return tally;
}

/** Opens a connection for each request. */
export async function hammerConnections(url: string, isOver: () => boolean): Promise<Tally> {
  const tally: Tally = { answered: 0, connections: 0, failures: [] };
  while (!isOver()) {
    const session = await openSession(url, tally);
    if (session !== null && !(await sendOne(session, tally))) tally.failures.push("a new connection refused");
    await session?.close();
  }
  return tally;
}

/** Sends requests of HTTP/1.1 by the client of Node, which keeps its connections alive. */
export async function hammerHttp1(url: string, isOver: () => boolean): Promise<Tally> {
  const tally: Tally = { answered: 0, connections: 0, failures: [] };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (!isOver()) {
    try {
      const octets = await getHttp1(url, agent, tally);
      if (octets === SIZE) tally.answered += 1;
      else tally.failures.push(`${octets} octets`);
    } catch (error) {
      tally.failures.push(String(error));
    }
  }
  agent.destroy();
  return tally;
}

async function openSession(url: string, tally: Tally): Promise<ClientSession | null> {
  try {
    const isTls = url.startsWith("https:");
    const negotiation = isTls ? "alpn" : "prior-knowledge";
    const session = await connect(url, { negotiation, tls: { rejectUnauthorized: false } });
    tally.connections += 1;
    return session;
  } catch (error) {
    tally.failures.push(`no connection: ${error}`);
    return null;
  }
}

async function useUp(session: ClientSession, tally: Tally, isOver: () => boolean): Promise<void> {
  while (!isOver() && (await sendOne(session, tally)));
}

/** Returns whether the session may go on: GOAWAY says that it takes no more, and nothing was lost by that. */
async function sendOne(session: ClientSession, tally: Tally): Promise<boolean> {
  try {
    const response = await session.request({ path: PATH });
    const { length } = await response.bytes();
    if (response.status === 200 && length === SIZE) tally.answered += 1;
    else tally.failures.push(`status ${response.status}, ${length} octets`);
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.code === "GOAWAY" && error.isUnprocessed) return false;
    tally.failures.push(String(error));
    return false;
  }
}

function getHttp1(url: string, agent: Agent, tally: Tally): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}${PATH}`, { agent }, (response: IncomingMessage) => {
      if (!request.reusedSocket) tally.connections += 1;
      let octets = 0;
      response.on("data", (chunk: Buffer) => {
        octets += chunk.length;
      });
      response.on("end", () => resolve(octets)).on("error", reject);
    });
    request.on("error", reject);
  });
}
