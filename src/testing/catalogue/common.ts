import type { FieldBlockBuilder, FrameBuilder } from "../frame-builder.ts";
import { frames } from "../frames.ts";
import type { Ask } from "../misbehaviour.ts";
import type { Peer } from "../peer.ts";
import type { Script } from "../scripted.ts";

export const GET: Ask = {};
/** Small, and octets that can be sent again. */
export const POST: Ask = { body: 10 };
/** More than the windows that a connection begins with. */
export const UPLOAD: Ask = { body: 131_072 };
export const STREAMED_UPLOAD: Ask = { body: 131_072, isStreamed: true };

/** A script for the first connection; the server is good on those that follow. */
export function firstly(script: (peer: Peer) => Promise<unknown>): Script {
  return (peer) => (peer.connection === 0 ? script(peer) : good(peer));
}

/** A connection of a server that does everything right. */
export function good(peer: Peer): Promise<never> {
  peer.greet();
  return peer.serve();
}

/** The head of a good response; its body follows. */
export function head(streamId: number): FieldBlockBuilder {
  return frames.headers(streamId).response(200);
}

/** The last DATA of a good response. */
export function body(streamId: number, text: string = "hello"): FrameBuilder {
  return frames.data(streamId, text).endStream();
}

/** A script that sends something instead of a response, and then waits for the end of the connection. */
export function answering(act: (peer: Peer, streamId: number) => unknown): Script {
  return async (peer) => {
    peer.greet();
    for (;;) {
      const { streamId } = await peer.expectRequest();
      await act(peer, streamId);
    }
  };
}
