import type { Script } from "./scripted.ts";

/** Something that a server does, and what a client ought to make of it. */
export interface Misbehaviour {
  /** Stable, such as "goaway-last-id-0". */
  readonly id: string;
  /** What the server does, in one sentence. */
  readonly does: string;
  /** Where the rule is that it breaks, or uses. */
  readonly section: string;
  readonly script: Script;
  /** How often the script is played, each time with a client that is new and the next `variant`: once unless given. */
  readonly variants?: number;
  /** What the client is asked for: one GET unless given. */
  readonly asks?: readonly Ask[];
  /** Whether each ask begins when the one before has settled: all begin at once unless given. */
  readonly inTurn?: boolean;
  /** What only TLS can show. */
  readonly needsTls?: boolean;
  /** Whether HTTP/1.1 is answered too, if TLS agrees on it. */
  readonly speaksHttp1?: boolean;
  /** How a client that does it right settles: the same for all asks, or one for each. */
  readonly outcome: Outcome | readonly Outcome[];
  /** How many requests the server may see at most, retries included; any number unless given. */
  readonly mostRequests?: number;
  /** How many connections the server may see at most: eight unless given. */
  readonly mostConnections?: number;
}

/** A request that a client is asked to make. */
export interface Ask {
  /** "GET" unless given, "POST" with a body. */
  readonly method?: string;
  /** "/" unless given. */
  readonly path?: string;
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Octets of the request's body; none unless given. */
  readonly body?: number;
  /** Whether the body comes in pieces of 16,384 octets, each made when it is asked for, and cannot be sent twice. */
  readonly isStreamed?: boolean;
  /** Whether nobody reads the response's body, so that its head is all that is waited for. */
  readonly isUnread?: boolean;
  /** Whether the caller gives up when the server has got the request. */
  readonly isAborted?: boolean;
}

/** How a request may settle. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly octets: number | null }
  | {
      readonly kind: "failed";
      /** Whether the client may say that the server surely did nothing with the request, or must; null leaves it open. */
      readonly isUnprocessed: boolean | null;
      /** Codes of h2wire's `ClientError` that tell what happened; empty for any. */
      readonly codes: readonly string[];
    }
  | { readonly kind: "either"; readonly outcomes: readonly Outcome[] };

/** The response is there, with so many octets of body. */
export function answered(status: number = 200, octets: number | null = 5): Outcome {
  return { kind: "answered", status, octets };
}

/** It fails, the server surely did nothing with it, and the client says so. */
export function unprocessed(...codes: readonly string[]): Outcome {
  return { kind: "failed", isUnprocessed: true, codes };
}

/** It fails, and the server may have done what was asked, which the client must not deny. */
export function maybeProcessed(...codes: readonly string[]): Outcome {
  return { kind: "failed", isUnprocessed: false, codes };
}

/** It fails; either is true of what the server did. */
export function failed(...codes: readonly string[]): Outcome {
  return { kind: "failed", isUnprocessed: null, codes };
}

/** The rules leave it to the client. */
export function either(...outcomes: readonly Outcome[]): Outcome {
  return { kind: "either", outcomes };
}

/** An outcome in words. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "answered":
      return outcome.octets === null
        ? `${outcome.status}`
        : `${outcome.status}, ${octetsText(outcome.octets)}`;
    case "failed": {
      const about =
        outcome.isUnprocessed === null
          ? ""
          : outcome.isUnprocessed
            ? ", unprocessed"
            : ", may have been processed";
      return `fails${about}`;
    }
    case "either":
      return outcome.outcomes.map(outcomeText).join(", or ");
  }
}

function octetsText(octets: number): string {
  return `${octets} octet${octets === 1 ? "" : "s"}`;
}
