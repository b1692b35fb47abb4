import { joined } from "../bytes/joined.ts";
import { Encoder, encodeFieldBlock, HeaderField, Indexing } from "../hpack/index.ts";
import { ascii, frameOctets, uint32 } from "./octets.ts";

/** The deprecated priority fields; what is left out has the default of RFC 7540. */
export interface Priority {
  readonly dependsOn?: number;
  readonly weight?: number;
  readonly exclusive?: boolean;
}

const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;

/** A frame whose flags and padding are still open. Each method changes the frame and returns it. */
export class FrameBuilder {
  readonly #type: number;
  readonly #streamId: number;
  #flags: number;
  #padLength: number;
  readonly #content: Uint8Array;

  constructor(type: number, streamId: number, flags: number, content: Uint8Array) {
    this.#type = type;
    this.#streamId = streamId;
    this.#flags = flags;
    this.#padLength = -1;
    this.#content = content;
  }

  endStream(): this {
    return this.withFlags(END_STREAM);
  }

  /** Sets flags, those that the type does not define included. */
  withFlags(flags: number): this {
    this.#flags |= flags;
    return this;
  }

  withoutFlags(flags: number): this {
    this.#flags &= ~flags;
    return this;
  }

  /** Adds as many octets of padding. */
  padded(length: number): this {
    this.#padLength = length;
    return this.withFlags(PADDED);
  }

  /** The frame as it travels. */
  get octets(): Uint8Array {
    const before = this.#padLength < 0 ? "" : String.fromCharCode(this.#padLength);
    const padding = new Uint8Array(Math.max(0, this.#padLength));
    const payload = joined([ascii(before), this.content(), padding]);
    return frameOctets(this.#type, this.#flags, this.#streamId, payload);
  }

  /** What stands between the padding's length and the padding. */
  protected content(): Uint8Array {
    return this.#content;
  }
}

/** HEADERS, PUSH_PROMISE or CONTINUATION: a frame with a field block, or a piece of one. */
export class FieldBlockBuilder extends FrameBuilder {
  readonly #fields: HeaderField[];
  readonly #pieces: Uint8Array[];
  #fixed: Uint8Array;
  #encoder: Encoder;

  constructor(type: number, streamId: number, fixed: Uint8Array = new Uint8Array(0)) {
    super(type, streamId, END_HEADERS, new Uint8Array(0));
    this.#fields = [];
    this.#pieces = [];
    this.#fixed = fixed;
    this.#encoder = PLAIN_ENCODER;
  }

  /** The pseudo-header fields of a request. */
  request(method: string, path: string, authority = "example.com"): this {
    return this.field(":method", method)
      .field(":scheme", "https")
      .field(":authority", authority)
      .field(":path", path);
  }

  /** The pseudo-header field of a response. */
  response(status: number): this {
    return this.field(":status", String(status));
  }

  field(name: string, value: string): this {
    this.#fields.push(new HeaderField(name, value));
    return this;
  }

  /** A field that must stay out of every table. */
  secret(name: string, value: string): this {
    this.#fields.push(new HeaderField(name, value, true));
    return this;
  }

  /** Octets of HPACK as they are, behind the fields. */
  block(octets: Uint8Array): this {
    this.#pieces.push(octets);
    return this;
  }

  /** Compresses the fields with an encoder that remembers. */
  compressedBy(encoder: Encoder): this {
    this.#encoder = encoder;
    return this;
  }

  priority(priority: Priority): this {
    this.#fixed = priorityOctets(priority);
    return this.withFlags(PRIORITY);
  }

  /** CONTINUATION follows. */
  withoutEndHeaders(): this {
    return this.withoutFlags(END_HEADERS);
  }

  protected override content(): Uint8Array {
    return joined([this.#fixed, encodeFieldBlock(this.#encoder, this.#fields), ...this.#pieces]);
  }
}

/** The five octets of the deprecated priority fields. */
export function priorityOctets({ dependsOn = 0, weight = 16, exclusive = false }: Priority): Uint8Array {
  return joined([uint32(exclusive ? dependsOn | 0x80000000 : dependsOn), Uint8Array.of(weight - 1)]);
}

const PLAIN_ENCODER = new Encoder({ indexing: () => Indexing.none, huffman: "never" });
