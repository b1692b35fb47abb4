import type { ResponseBody } from "./response-body.ts";

const LF = 0x0a;
/** Octets of a line, which is the size of a chunk or a trailer field. */
const LONGEST_LINE = 16_384;
const SIZE = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?\r$/;

/** What a line says. */
const Line = { SIZE: 0, END_OF_CHUNK: 1, TRAILER: 2 } as const;

/** A body in the chunked coding (RFC 9112 section 7.1). What the chunks say besides, and trailers, are dropped. */
export class ChunkedBody implements ResponseBody {
  isComplete: boolean;
  #expected: (typeof Line)[keyof typeof Line];
  /** The line so far. */
  #line: string;
  /** Octets of the chunk that are yet to come. */
  #left: number;

  constructor() {
    this.isComplete = false;
    this.#expected = Line.SIZE;
    this.#line = "";
    this.#left = 0;
  }

  get isWhole(): boolean {
    return this.isComplete;
  }

  take(octets: Uint8Array): Uint8Array[] {
    const content: Uint8Array[] = [];
    let position = 0;
    while (position < octets.length && !this.isComplete) {
      if (this.#left > 0) {
        const part = octets.subarray(position, position + this.#left);
        content.push(part);
        this.#left -= part.length;
        position += part.length;
      } else this.#takeOctetOfLine(octets[position++] as number);
    }
    return content;
  }

  #takeOctetOfLine(octet: number): void {
    if (octet !== LF) {
      this.#line += String.fromCharCode(octet);
      if (this.#line.length > LONGEST_LINE) throw new Error("a line of the chunked coding is too long");
      return;
    }
    const line = this.#line;
    this.#line = "";
    this.#takeLine(line);
  }

  #takeLine(line: string): void {
    if (this.#expected === Line.TRAILER) {
      this.isComplete = line === "\r";
    } else if (this.#expected === Line.END_OF_CHUNK) {
      if (line !== "\r") throw new Error("a chunk is longer than it says");
      this.#expected = Line.SIZE;
    } else {
      const size = SIZE.exec(line)?.[1];
      if (size === undefined) throw new Error("a chunk does not say its size");
      this.#left = Number.parseInt(size, 16);
      this.#expected = this.#left === 0 ? Line.TRAILER : Line.END_OF_CHUNK;
    }
  }
}
