import type { Misbehaviour, Outcome } from "./misbehaviour.ts";
import { outcomeText } from "./misbehaviour.ts";
import type { Answer, RunReport } from "./run.ts";

/** How a request has settled. */
export type Settled =
  | { readonly kind: "pending" }
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly octets: number;
      readonly milliseconds: number;
    }
  | {
      readonly kind: "failed";
      /** The error's own, or its name. */
      readonly code: string;
      readonly message: string;
      /** What the error says about that, or null where it says nothing. */
      readonly isUnprocessed: boolean | null;
      readonly milliseconds: number;
    };

/** Waits for an answer, or for an error. It never fails. */
export async function readSettled(answer: Promise<Answer>, age: () => number): Promise<Settled> {
  try {
    const { status, octets } = await answer;
    return { kind: "answered", status, octets, milliseconds: age() };
  } catch (error) {
    const { code, name, message, isUnprocessed } = error as Partial<ClientFailure>;
    return {
      kind: "failed",
      code: String(code ?? name ?? "unknown"),
      message: String(message ?? error),
      isUnprocessed: isUnprocessed ?? null,
      milliseconds: age(),
    };
  }
}

interface ClientFailure extends Error {
  readonly code: string;
  readonly isUnprocessed: boolean;
}

/** What is wrong about a run, in words; nothing if the client did it right. */
export function faultsOf(entry: Misbehaviour, report: RunReport): string[] {
  const faults: string[] = [];
  for (const [index, settled] of report.settled.entries()) {
    const outcome = outcomeOf(entry, index);
    if (!matches(settled, outcome)) {
      faults.push(`request ${index + 1} ${settledText(settled)}; right is: ${outcomeText(outcome)}`);
    }
  }
  const { mostRequests = Number.POSITIVE_INFINITY, mostConnections = DEFAULT_CONNECTIONS } = entry;
  if (report.requests > mostRequests) faults.push(`${report.requests} requests were sent`);
  if (report.connections > mostConnections) faults.push(`${report.connections} connections were made`);
  faults.push(...report.failures.map((failure) => `the script failed: ${failureText(failure)}`));
  faults.push(...report.leftovers.map((leftover) => `left behind: ${leftover}`));
  return faults;
}

const DEFAULT_CONNECTIONS = 8;

/** What is right for one of the asks. */
export function outcomeOf({ outcome }: Misbehaviour, index: number): Outcome {
  return Array.isArray(outcome) ? (outcome[index] as Outcome) : (outcome as Outcome);
}

/**
 * Whether a request settled as it should. What an error says about itself counts for errors that say whether the request may
 * have been processed, as those of h2wire do.
 */
export function matches(settled: Settled, outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "either":
      return outcome.outcomes.some((each) => matches(settled, each));
    case "answered":
      if (settled.kind !== "answered" || settled.status !== outcome.status) return false;
      return outcome.octets === null || settled.octets === outcome.octets;
    case "failed":
      if (settled.kind !== "failed") return false;
      if (settled.isUnprocessed === null) return true;
      if (outcome.isUnprocessed !== null && settled.isUnprocessed !== outcome.isUnprocessed) return false;
      return outcome.codes.length === 0 || outcome.codes.includes(settled.code);
  }
}

/** How a request settled, in words. */
export function settledText(settled: Settled): string {
  switch (settled.kind) {
    case "pending":
      return "never settled";
    case "answered":
      return `was answered with ${settled.status}, ${settled.octets} octets, after ${Math.round(settled.milliseconds)} ms`;
    case "failed": {
      const { code, message, isUnprocessed, milliseconds } = settled;
      const about = isUnprocessed === null ? "" : isUnprocessed ? ", unprocessed" : ", maybe processed";
      return `failed with ${code}${about} (${message}) after ${Math.round(milliseconds)} ms`;
    }
  }
}

/** Faults of the codec are no errors, but have a reason. */
function failureText(failure: unknown): string {
  if (failure instanceof Error) return failure.message;
  const { reason } = failure as { reason?: string };
  return reason ?? String(failure);
}
