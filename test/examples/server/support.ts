import { afterAll, beforeAll } from "vitest";
import type { Negotiation, RequestOptions } from "../../../src/http/client.ts";
import { ServerProgram } from "../../support/programs.ts";
import { connectTo } from "../../support/serving.ts";
import { PATIENT } from "../support.ts";

/** Ways to reach a cleartext port, for what is the same over both protocols. */
export const WAYS = ["prior-knowledge", "http/1.1"] as const;

/** A program of the examples, which runs for all tests of a file or of a `describe`. */
export interface Running {
  readonly url: string;
  readonly port: number;
  /** Ends it, if a test has not done so. @returns what it has written to its standard output. */
  stop(): Promise<string>;
}

/** Starts a program before the tests, and ends it behind them. */
export function running(path: string, ...args: readonly string[]): Running {
  let program: ServerProgram | undefined;
  const started = (): ServerProgram => {
    if (program === undefined) throw new Error(`${path} does not run`);
    return program;
  };
  beforeAll(async () => {
    program = await ServerProgram.start([path, "0", ...args]);
  }, PATIENT.timeout);
  afterAll(() => program?.stop());
  return {
    get url() {
      return started().url;
    },
    get port() {
      return started().port;
    },
    stop: () => started().stop(),
  };
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** All values of a field. */
  readonly fields: (name: string) => string[];
  readonly informational: readonly number[];
  readonly protocol: "h2" | "http/1.1";
}

/** One request on a connection of its own. */
export async function ask(
  server: { readonly url: string },
  negotiation: Negotiation,
  request: RequestOptions = {},
): Promise<Answer> {
  const session = await connectTo(server, { negotiation });
  const response = await session.request(request);
  const text = await response.text();
  return {
    status: response.status,
    text,
    fields: (name) => response.headers.filter(([other]) => other === name).map(([, value]) => value),
    informational: response.informational.map(({ status }) => status),
    protocol: session.protocol,
  };
}
