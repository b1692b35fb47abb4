import { Peer } from "./peer.ts";
import { PeerGone } from "./peer-gone.ts";
import type { Transport, TransportEnd } from "./transport.ts";

/** What a server does on one connection. */
export type Script = (peer: Peer) => Promise<unknown>;

/** A server that plays a script on each connection. A host gives it the connections. */
export class ScriptedServer {
  /** One for each connection, in order. */
  readonly peers: Peer[];
  /** What scripts failed with, and the faults of clients that broke a rule themselves. */
  readonly failures: unknown[];
  readonly #script: Script;
  readonly #variant: number;

  /** @param variant - is handed on to the script. */
  constructor(script: Script, variant: number = 0) {
    this.peers = [];
    this.failures = [];
    this.#script = script;
    this.#variant = variant;
  }

  /** How many requests came, on all connections. */
  get requestCount(): number {
    return this.peers.reduce((sum, { inbox }) => sum + inbox.requestCount, 0);
  }

  /** Plays the script on a connection. When it is over, the peer ends its half as soon as the client did. */
  begin(transport: Transport): TransportEnd {
    const peer = new Peer(transport, this.peers.length, this.#variant);
    this.peers.push(peer);
    const played = this.#play(peer);
    const endIfOver = async (): Promise<void> => {
      await played;
      transport.end();
    };
    return {
      receive: (octets) => this.#receive(peer, octets),
      ended: () => {
        peer.inbox.ended();
        void endIfOver();
      },
      closed: () => peer.inbox.ended(),
    };
  }

  async #play(peer: Peer): Promise<void> {
    try {
      await this.#script(peer);
    } catch (error) {
      if (error instanceof PeerGone) return;
      this.failures.push(error);
      peer.cut();
    }
  }

  #receive(peer: Peer, octets: Uint8Array): void {
    try {
      peer.inbox.receive(octets);
    } catch (fault) {
      this.failures.push(fault);
      peer.cut();
    }
  }
}

/**
 * A server that plays a script:
 *
 *     const server = scripted(async (peer) => {
 *       peer.greet();
 *       const request = await peer.expectRequest();
 *       peer.goaway(0);
 *       peer.end();
 *     });
 */
export function scripted(script: Script): ScriptedServer {
  return new ScriptedServer(script);
}
