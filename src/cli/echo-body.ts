/** A body whose length is known and whose octets are made when they are wanted. */
export interface EchoBody {
  readonly type: string;
  readonly length: number;
  /** The octets from `start` on, `count` of them and at most `LONGEST_PIECE`. */
  slice(start: number, count: number): Uint8Array;
}

/** Most octets that are written at once. */
const LONGEST_PIECE = 65_536;

/** A prime, so that two frames of a usual length differ and a change of their order shows in a hash. */
const PERIOD = 251;

const PATTERN: Uint8Array = Uint8Array.from({ length: PERIOD + LONGEST_PIECE }, (_, index) => index % PERIOD);

/** The octets 0, 1, 2 up to 250, over and over. */
export function patternBody(length: number): EchoBody {
  return {
    type: "application/octet-stream",
    length,
    slice: (start, count) => PATTERN.subarray(start % PERIOD, (start % PERIOD) + count),
  };
}

/** A value as JSON. */
export function jsonBody(value: unknown): EchoBody {
  const octets = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  return {
    type: "application/json",
    length: octets.length,
    slice: (start, count) => octets.subarray(start, start + count),
  };
}

/**
 * The body piece by piece.
 *
 * @param chunks - in how many pieces, if possible: there are fewer if it has not so many octets, and more if they
 * would be longer than `LONGEST_PIECE`.
 */
export function* piecesOf(body: EchoBody, chunks: number | null): Generator<Uint8Array> {
  const wanted = chunks === null ? LONGEST_PIECE : Math.ceil(body.length / chunks);
  const size = Math.min(Math.max(wanted, 1), LONGEST_PIECE);
  for (let start = 0; start < body.length; start += size) {
    yield body.slice(start, Math.min(size, body.length - start));
  }
}
