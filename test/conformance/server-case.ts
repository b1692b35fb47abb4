import { Encoder } from "../../src/hpack/index.ts";
import { ascii, type FieldBlockBuilder, frames, type Wire } from "../support/frames.ts";
import type { Demand } from "./demands.ts";

/** One rule, and the conversation that shows whether the server keeps it. */
export interface ServerCase {
  /** The rule in a sentence, with its section. */
  readonly rule: string;
  /** What is sent, a frame after the other, and what is demanded between them. */
  readonly talk: (client: Requests) => readonly (Wire | Demand)[];
  /** Whether the conversation begins with the first octet, instead of behind both SETTINGS and their ACKs. */
  readonly isFromStart?: boolean;
}

/** Field blocks of requests to the server under test. */
export class Requests {
  readonly scheme: "http" | "https";
  readonly authority: string;
  /** Streams that the server takes at once; 0 as long as nobody knows. */
  readonly maxConcurrentStreams: number;
  readonly #encoder: Encoder;

  constructor(scheme: "http" | "https", port: number, maxConcurrentStreams: number) {
    this.scheme = scheme;
    this.authority = `127.0.0.1:${port}`;
    this.maxConcurrentStreams = maxConcurrentStreams;
    this.#encoder = new Encoder();
  }

  /** A whole request without a body. */
  get(streamId: number): FieldBlockBuilder {
    return this.request(streamId, "GET").endStream();
  }

  /** The head of a request with a body. */
  post(streamId: number): FieldBlockBuilder {
    return this.request(streamId, "POST");
  }

  request(streamId: number, method: string): FieldBlockBuilder {
    return this.fields(
      streamId,
      [":method", method],
      [":scheme", this.scheme],
      [":path", "/"],
      [":authority", this.authority],
    );
  }

  /** HEADERS with these fields and no others. */
  fields(streamId: number, ...fields: readonly (readonly [string, string])[]): FieldBlockBuilder {
    const block = frames.headers(streamId).compressedBy(this.#encoder);
    for (const [name, value] of fields) block.field(name, value);
    return block;
  }

  /** GET as octets of HPACK, put together by hand, with what stands in front of it and behind. */
  block(streamId: number, before: readonly number[], after: readonly number[]): FieldBlockBuilder {
    const scheme = this.scheme === "http" ? 0x86 : 0x87;
    const authority = [0x01, this.authority.length, ...ascii(this.authority)];
    return frames
      .headers(streamId)
      .block(Uint8Array.from([...before, 0x82, scheme, 0x84, ...authority, ...after]))
      .endStream();
  }
}

/** Fields of four thousand octets each, to make a block large. */
export function bulk(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`x-bulk-${index}`, "x".repeat(4_000)]);
}
