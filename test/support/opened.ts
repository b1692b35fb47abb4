import { fileURLToPath } from "node:url";
import type { Decoder, Encoder } from "../../src/hpack/index.ts";
import type { H2Connection } from "../../src/index.ts";
import type { MessageProgress } from "../../src/streams/message-progress.ts";
import type { SendQueue } from "../../src/streams/send-queue.ts";
import type { StreamState } from "../../src/streams/stream-state.ts";
import { type OpenedEngine, openedEngine } from "../fuzz/opened.mjs";

/** The engine's modules with private members open to the eye, from the sources as they are. */
export const opened: OpenedEngine = await openedEngine(
  fileURLToPath(new URL("../../src/", import.meta.url)),
  (url) => import(/* @vite-ignore */ url),
);

/** What is behind the private names of an opened connection, as far as tests look at it. */
export interface Inside {
  readonly _state: {
    readonly sendWindow: InnerWindow;
    readonly receiveWindow: InnerWindow;
    readonly streams: { live(): Iterable<InnerStream> };
  };
  readonly _output: { readonly _encoder: Encoder & { readonly _updateDue: boolean } };
  readonly _inbound: { readonly _head: { readonly decoder: Decoder } };
}

/** A window; what an application acknowledged and no WINDOW_UPDATE told yet is in `_processed`. */
export interface InnerWindow {
  readonly available: number;
  readonly _size: number;
  readonly _processed: number;
}

export interface InnerStream {
  readonly id: number;
  readonly state: StreamState;
  readonly sendProgress: MessageProgress;
  readonly sendQueue: SendQueue | null;
  readonly sendWindow: InnerWindow;
  readonly receiveWindow: InnerWindow;
}

/** The inside of a connection that `opened` made. */
export function insideOf(engine: H2Connection): Inside {
  return engine as unknown as Inside;
}
