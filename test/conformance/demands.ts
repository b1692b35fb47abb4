import type { ErrorCodes } from "../../src/index.ts";
import { frames } from "../support/frames.ts";
import type { RawPeer } from "./raw-peer.ts";

/** What a peer must see next. */
export type Demand = (peer: RawPeer) => Promise<void>;

export type CodeName = keyof typeof ErrorCodes;

/** GOAWAY with one of the codes, and then the end of the connection (RFC 9113 section 5.4.1). */
export function connectionError(...codes: CodeName[]): Demand {
  return async (peer) => {
    await peer.until(new RegExp(`^GOAWAY .*error=(${codes.join("|")})\\b`));
    await peer.untilClosed();
  };
}

/**
 * RST_STREAM with one of the codes, and a connection that goes on; or the same code for the whole connection, which
 * every stream error may become (RFC 9113 section 5.4.2).
 */
export function streamError(streamId: number, ...codes: CodeName[]): Demand {
  const wanted = `error=(${codes.join("|")})\\b`;
  return async (peer) => {
    const line = await peer.until(new RegExp(`^(RST_STREAM stream=${streamId}|GOAWAY .*) ?${wanted}`));
    if (line.startsWith("GOAWAY")) await peer.untilClosed();
    else await pingAnswered(peer);
  };
}

/** The end of the connection, with GOAWAY or without. */
export const closed: Demand = (peer) => peer.untilClosed();

/** The connection is alive: a PING comes back with its data (RFC 9113 section 6.7). */
export const pingAnswered: Demand = async (peer) => {
  await peer.send(frames.ping("are you?"));
  await peer.until(/^PING ACK data=61726520796f753f$/);
};

/** The same, or GOAWAY in answer to the peer's GOAWAY, and the end of the connection (RFC 9113 section 6.8). */
export const pingAnsweredOrClosed: Demand = async (peer) => {
  await peer.send(frames.ping("are you?"));
  const line = await peer.until(/^PING ACK data=61726520796f753f$|^GOAWAY .*error=NO_ERROR/);
  if (line.startsWith("GOAWAY")) await peer.untilClosed();
};

/** A response, from its head to the end of the stream. */
export function response(streamId: number): Demand {
  return async (peer) => {
    const head = await peer.until(new RegExp(`^HEADERS stream=${streamId} .*:status=200`));
    if (!head.includes("END_STREAM")) await peer.until(new RegExp(`^DATA stream=${streamId} END_STREAM`));
  };
}

/** A response without a body. */
export function bodiless(streamId: number): Demand {
  return (peer) => see(new RegExp(`^HEADERS stream=${streamId} END_STREAM .*:status=200`))(peer);
}

/** The next DATA of the stream carries so many octets. */
export function dataOf(streamId: number, length: number): Demand {
  return async (peer) => {
    const line = await peer.until(new RegExp(`^DATA stream=${streamId} `));
    if (!line.endsWith(` length=${length}`)) throw new Error(`${length} octets were due, not: ${line}`);
  };
}

/** A frame whose line matches. */
export function see(pattern: RegExp): Demand {
  return async (peer) => {
    await peer.until(pattern);
  };
}

/** The same never came. */
export function unseen(pattern: RegExp): Demand {
  return async (peer) => {
    if (peer.hasSeen(pattern)) throw new Error(`${pattern} came, and should not`);
  };
}
