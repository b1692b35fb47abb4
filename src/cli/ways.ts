/** The ways into HTTP/2, and around it, that the demonstration goes. */
import { connect } from "../http/client.ts";
import type { EchoAccount } from "./echo.ts";

export interface Way {
  readonly name: string;
  /** Which of the two ports. */
  readonly isTls: boolean;
  readonly negotiation: "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";
  /** What has to come of it, in the words of both sides. */
  readonly expected: { readonly protocol: string; readonly negotiated: string };
}

export const WAYS: readonly Way[] = [
  {
    name: "TLS, ALPN h2",
    isTls: true,
    negotiation: "alpn",
    expected: { protocol: "h2", negotiated: "alpn" },
  },
  {
    name: "TLS, ALPN http/1.1 only",
    isTls: true,
    negotiation: "http/1.1",
    expected: { protocol: "http/1.1", negotiated: "alpn" },
  },
  {
    name: "Upgrade: h2c",
    isTls: false,
    negotiation: "upgrade",
    expected: { protocol: "h2", negotiated: "upgrade" },
  },
  {
    name: "prior knowledge",
    isTls: false,
    negotiation: "prior-knowledge",
    expected: { protocol: "h2", negotiated: "prior-knowledge" },
  },
  {
    name: "plain HTTP/1.1",
    isTls: false,
    negotiation: "http/1.1",
    expected: { protocol: "http/1.1", negotiated: "http/1.1" },
  },
];

/** What came of a way. */
export interface Outcome {
  readonly protocol: string;
  readonly tls: { readonly version: string; readonly cipher: string } | null;
  readonly status: number;
  readonly octets: number;
  /** From the first octet to the last, in milliseconds, the connection included. */
  readonly time: number;
  /** What is not as it should be, in a sentence; null if all is. */
  readonly complaint: string | null;
}

/** Goes a way: one connection to an echo, one request, and a look at what each side says about it. */
export async function goWay(way: Way, origin: string, certificate: string): Promise<Outcome> {
  const started = performance.now();
  const tls = way.isTls ? { tls: { ca: certificate } } : {};
  const session = await connect(origin, { negotiation: way.negotiation, ...tls });
  try {
    const response = await session.request({ method: "GET", path: "/" });
    const body = await response.bytes();
    const time = performance.now() - started;
    const { protocol, negotiated } = session;
    const { status } = response;
    const account = JSON.parse(new TextDecoder().decode(body)) as EchoAccount;
    const complaint = complaintOf(way, status, { protocol, negotiated }, account);
    return { protocol, tls: session.tls, status, octets: body.length, time, complaint };
  } finally {
    await session.close();
  }
}

function complaintOf(
  { expected }: Way,
  status: number,
  client: Way["expected"],
  server: Way["expected"],
): string | null {
  if (status !== 200) return `the status is ${status}`;
  for (const [side, said] of [
    ["client", client],
    ["server", server],
  ] as const) {
    if (said.protocol !== expected.protocol || said.negotiated !== expected.negotiated) {
      return `the ${side} says ${said.protocol} by ${said.negotiated}`;
    }
  }
  return null;
}
