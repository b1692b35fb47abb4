import { joined } from "../bytes/joined.ts";
import type { Frame } from "../frames/frame.ts";
import { FrameReader } from "../frames/frame-reader.ts";
import { LARGEST_MAX_FRAME_SIZE } from "../frames/limits.ts";
import { Decoder } from "../hpack/decoder.ts";
import type { HeaderField } from "../hpack/header-field.ts";

/** A frame, and the fields of the block that it completes. */
export interface SentFrame {
  readonly frame: Frame;
  readonly fields: readonly HeaderField[];
}

/** Reads what one side sends, as its peer would. */
export class WireReader {
  readonly #reader: FrameReader;
  readonly #decoder: Decoder;
  #fragments: Uint8Array[];

  /** @param expectPreface - whether a client sends. */
  constructor(expectPreface: boolean) {
    this.#reader = new FrameReader(LARGEST_MAX_FRAME_SIZE, expectPreface);
    this.#decoder = new Decoder();
    this.#decoder.setMaxTableSize(0xffff);
    this.#fragments = [];
  }

  /**
   * The frames that are complete by these octets. They look at the octets, so keep those as long.
   * @throws a fault, which is no Error, for octets that break a rule.
   */
  read(octets: Uint8Array): SentFrame[] {
    const read: SentFrame[] = [];
    this.#reader.push(octets);
    for (let frame = this.#reader.next(); frame !== null; frame = this.#reader.next()) {
      read.push({ frame, fields: this.#fieldsOf(frame) });
    }
    this.#reader.detach();
    return read;
  }

  #fieldsOf(frame: Frame): HeaderField[] {
    if (!("fragment" in frame)) return [];
    this.#fragments.push(frame.fragment.slice());
    if (!frame.endHeaders) return [];
    const block = joined(this.#fragments);
    this.#fragments = [];
    return this.#decoder.decode(block);
  }
}

/** A field as `name=value`, with a `!` behind the name if it must not be indexed. */
export function fieldText({ name, value, sensitive }: HeaderField): string {
  return `${name}${sensitive ? "!" : ""}=${value}`;
}
