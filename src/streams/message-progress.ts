/**
 * How far a message has come, in one direction of a stream (RFC 9113 section 8.1): any number of interim
 * heads, the head, the body, and at most one more field block, the trailers, that ends the stream.
 */

export const MessageProgress = {
  /** No head yet; interim ones do not count. */
  START: 0,
  /** The head is there; body or trailers may follow. */
  BODY: 1,
  /** Trailers came. Nothing may follow. */
  TRAILERS: 2,
} as const;
export type MessageProgress = (typeof MessageProgress)[keyof typeof MessageProgress];

export const MessagePart = {
  /** A field block with a 1xx status. */
  INTERIM_HEAD: 0,
  /** Any other field block: the head, or the trailers where the head is there already. */
  HEAD: 1,
  /** DATA. */
  DATA: 2,
} as const;
export type MessagePart = (typeof MessagePart)[keyof typeof MessagePart];

/** A part that must not come now. */
export const OUT_OF_ORDER = -1;

const { START, BODY, TRAILERS } = MessageProgress;

/** Rows by progress, columns by part: the progress afterwards. */
const PROGRESS_TABLE: readonly (readonly number[])[] = [
  // An interim head changes nothing; DATA must not come before the head.
  [START, BODY, OUT_OF_ORDER],
  // A 1xx status behind the head is no interim response any more.
  [OUT_OF_ORDER, TRAILERS, BODY],
  [OUT_OF_ORDER, OUT_OF_ORDER, OUT_OF_ORDER],
];

/** The progress after `part`, or `OUT_OF_ORDER`. */
export function progressAfter(
  progress: MessageProgress,
  part: MessagePart,
): MessageProgress | typeof OUT_OF_ORDER {
  return (PROGRESS_TABLE[progress] as readonly number[])[part] as MessageProgress | typeof OUT_OF_ORDER;
}
