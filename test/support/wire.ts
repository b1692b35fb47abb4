import { describeFrame, type Frame, FrameReader } from "../../src/frames/index.ts";
import { Decoder, type HeaderField } from "../../src/hpack/index.ts";
import type { H2Connection } from "../../src/index.ts";

/**
 * Octets from hexadecimal digits. Blanks do not count, and a `#` begins a remark up to the end of the line:
 *
 *     hex`
 *       000008 06 00 00000000  # PING
 *       0102030405060708       # its data
 *     `
 */
export function hex(strings: TemplateStringsArray): Uint8Array {
  const digits = strings.join("").replace(/#.*$/gm, "").replace(/\s/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`no hexadecimal octets: ${digits}`);
  return Uint8Array.from(digits.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}

/**
 * The frames that the engine has to send, one line each, such as
 *
 *     HEADERS stream=1 END_STREAM END_HEADERS :status=200 server=test
 *     DATA stream=1 END_STREAM length=5 "hello"
 *
 * They leave the engine by this. Every call goes on where the last one stopped, tables of HPACK included, so
 * always read the output of one engine by this function or always by another way.
 */
export function sent(connection: H2Connection): string[] {
  return sentFrames(connection).map(lineOf);
}

/** The same frames, as the codec sees them. */
export function sentFrames(connection: H2Connection): SentFrame[] {
  return readerOf(connection).read(connection.dataToSend());
}

/** A frame, and the fields of the block that it completes. */
export interface SentFrame {
  readonly frame: Frame;
  readonly fields: readonly HeaderField[];
}

/** Reads what one side sends, as its peer would. */
export class WireReader {
  readonly #reader: FrameReader;
  readonly #decoder: Decoder;
  #fragments: number[];

  constructor(expectPreface: boolean) {
    this.#reader = new FrameReader(0xffffff, expectPreface);
    this.#decoder = new Decoder();
    this.#decoder.setMaxTableSize(0xffff);
    this.#fragments = [];
  }

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
    this.#fragments.push(...frame.fragment);
    if (!frame.endHeaders) return [];
    const block = Uint8Array.from(this.#fragments);
    this.#fragments = [];
    return this.#decoder.decode(block);
  }
}

const READERS = new WeakMap<H2Connection, WireReader>();

function readerOf(connection: H2Connection): WireReader {
  const reader = READERS.get(connection) ?? new WireReader(connection.config.clientSide);
  READERS.set(connection, reader);
  return reader;
}

function lineOf({ frame, fields }: SentFrame): string {
  const line = describeFrame(frame);
  if ("fragment" in frame) return [line.replace(/ length=\d+/, ""), ...fields.map(fieldText)].join(" ");
  if ("data" in frame && "endStream" in frame && isShortText(frame.data)) {
    return `${line} ${JSON.stringify(text(frame.data))}`;
  }
  return line;
}

/** A field as `name=value`, with a `!` behind the name if it must not be indexed. */
export function fieldText({ name, value, sensitive }: HeaderField): string {
  return `${name}${sensitive ? "!" : ""}=${value}`;
}

/** Octets as text, one character each. */
export function text(octets: Uint8Array): string {
  return String.fromCharCode(...octets);
}

function isShortText(octets: Uint8Array): boolean {
  return octets.length > 0 && octets.length <= 40 && octets.every((octet) => octet >= 0x20 && octet < 0x7f);
}
