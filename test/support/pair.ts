import { H2Connection, type H2Event, type H2Options } from "../../src/index.ts";

/** A client and a server, joined in memory. */
export interface Pair {
  readonly client: H2Connection;
  readonly server: H2Connection;
  /** Carries octets to and fro until both are silent; returns what each was told on the way. */
  drive(): { atClient: H2Event[]; atServer: H2Event[] };
}

/**
 * Two engines that have greeted each other.
 *
 *     const { client, server, drive } = pair();
 *     client.sendHeaders(1, GET, { endStream: true });
 *     expect(told(drive().atServer)).toEqual([…]);
 */
export function pair(options: { client?: H2Options; server?: H2Options } = {}): Pair {
  const made = unacquainted(options);
  made.client.initiateConnection();
  made.server.initiateConnection();
  made.drive();
  return made;
}

/** Two engines that have not said a word yet. */
export function unacquainted(options: { client?: H2Options; server?: H2Options } = {}): Pair {
  const client = new H2Connection({ ...options.client, clientSide: true });
  const server = new H2Connection({ ...options.server, clientSide: false });
  return { client, server, drive: () => drive(client, server) };
}

function drive(client: H2Connection, server: H2Connection): { atClient: H2Event[]; atServer: H2Event[] } {
  const atClient = client.takeEvents();
  const atServer = server.takeEvents();
  for (;;) {
    const fromClient = client.dataToSend();
    const fromServer = server.dataToSend();
    if (fromClient.length === 0 && fromServer.length === 0) break;
    // Chunks that are written over once they were dealt with: an engine that still looked at one would notice.
    atServer.push(...handedOver(fromClient, server));
    atClient.push(...handedOver(fromServer, client));
  }
  atClient.push(...client.takeEvents());
  atServer.push(...server.takeEvents());
  return { atClient, atServer };
}

/** The events of a chunk that is poisoned afterwards; the data in them is kept by copies. */
function handedOver(octets: Uint8Array, receiver: H2Connection): H2Event[] {
  const chunk = octets.slice();
  const events = receiver
    .receiveData(chunk)
    .map((event) => (event.type === "DataReceived" ? { ...event, data: event.data.slice() } : event));
  chunk.fill(0xa5);
  return events;
}
