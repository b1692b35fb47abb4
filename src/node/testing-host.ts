import { setImmediate as nextTurn } from "node:timers/promises";
import {
  listenScripted,
  type ScriptedPart,
  type ScriptedPort,
  type ScriptedPortOptions,
} from "./testing-port.ts";

/** What Node lends for a run of `runMisbehaviour`. */
export interface NodeHost {
  listen(server: ScriptedPart, options: { speaksHttp1: boolean }): Promise<ScriptedPort>;
  now(): number;
  after(milliseconds: number, callback: () => void): () => void;
  turn(): Promise<void>;
  resources(): Record<string, number>;
}

/**
 * Runs on real ports of this machine.
 *
 *     const reports = await runMisbehaviour(entry, makeDriver, nodeHost({ tls: { key, cert } }));
 *
 * Sockets and timers are counted for the whole process, as far as they keep it alive.
 */
export function nodeHost(options: ScriptedPortOptions = {}): NodeHost {
  return {
    listen: (server, { speaksHttp1 }) => listenScripted(server, { ...options, speaksHttp1 }),
    now: () => performance.now(),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    turn: () => nextTurn(),
    resources: activeResources,
  };
}

function activeResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (!PASSING.has(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** What comes and goes with a turn of the event loop. */
const PASSING = new Set(["Immediate", "TickObject"]);
