import type { ContinuationFrame } from "../frames/continuation.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault } from "../frames/fault.ts";
import type { Frame } from "../frames/frame.ts";
import { FrameType } from "../frames/frame-type.ts";
import type { HeadersFrame } from "../frames/headers.ts";
import { DEFAULT_MAX_FRAME_SIZE } from "../frames/limits.ts";
import type { PushPromiseFrame } from "../frames/push-promise.ts";
import { calm } from "./flood-guard.ts";
import type { ConnectionState } from "./state.ts";

/** The frame that begins a field block. */
export type BlockHead = HeadersFrame | PushPromiseFrame;

/**
 * Joins HEADERS or PUSH_PROMISE with the CONTINUATION frames behind it (RFC 9113 section 6.10), within limits on
 * their number and on the octets of the block.
 */
export class FieldBlock {
  readonly #state: ConnectionState;
  #head: BlockHead | null;
  #fragments: Uint8Array[];
  #length: number;

  constructor(state: ConnectionState) {
    this.#state = state;
    this.#head = null;
    this.#fragments = [];
    this.#length = 0;
  }

  /** The frame that began the block that is not complete yet, or null. */
  get head(): BlockHead | null {
    return this.#head;
  }

  /** Begins a block that the frame does not complete. */
  begin(head: BlockHead): void {
    // The frame's own fragment would keep the caller's chunk alive for as long as the block is not complete.
    this.#head = { ...head, fragment: NOTHING };
    this.#fragments = [];
    this.#length = 0;
    this.#add(head.fragment);
  }

  /** Nothing else may come between the frames of a block. */
  checkNext(frame: Frame): void {
    const head = this.#head;
    if (head === null) {
      if (frame.type !== FrameType.CONTINUATION) return;
      throw outOfPlace("CONTINUATION came without a field block before it");
    }
    if (frame.type !== FrameType.CONTINUATION || frame.streamId !== head.streamId) {
      throw outOfPlace(
        `an invalid frame came inside the field block on stream ${head.streamId}, which must be completed first`,
      );
    }
  }

  /** Adds a fragment; returns the octets of the whole block once it is complete, else null. */
  continue(frame: ContinuationFrame): Uint8Array | null {
    this.#add(frame.fragment);
    // The first fragment came with the head.
    if (this.#fragments.length - 1 > this.#mostFrames) {
      throw calm("too many CONTINUATION frames in a field block", "continuationFrames");
    }
    return frame.endHeaders ? this.#joined() : null;
  }

  /** Forgets the block, which is complete or beyond use. */
  end(): void {
    this.#head = null;
    this.#fragments = [];
  }

  /** A field section of the size that we announced must get through. */
  get #mostOctets(): number {
    const { configuration, localSettings } = this.#state;
    return Math.max(configuration.limits.fieldBlockOctets, localSettings.maxHeaderListSize ?? 0);
  }

  get #mostFrames(): number {
    const needed = Math.ceil(this.#mostOctets / DEFAULT_MAX_FRAME_SIZE);
    return Math.max(this.#state.configuration.limits.continuationFrames, needed);
  }

  #add(fragment: Uint8Array): void {
    this.#length += fragment.length;
    if (this.#length > this.#mostOctets) throw calm("a field block is too long", "fieldBlockOctets");
    // The view does not outlive this call to receiveData.
    this.#fragments.push(fragment.slice());
  }

  #joined(): Uint8Array {
    const block = new Uint8Array(this.#length);
    let position = 0;
    for (const fragment of this.#fragments) {
      block.set(fragment, position);
      position += fragment.length;
    }
    return block;
  }
}

const NOTHING = new Uint8Array(0);

function outOfPlace(reason: string): ConnectionFault {
  return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, "RFC 9113 section 6.10");
}
