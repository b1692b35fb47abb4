import { FrameFlag, FrameType, flagNames, frameTypeName } from "../../src/frames/index.ts";
import { Decoder, type HeaderField } from "../../src/hpack/index.ts";
import { settingName } from "../../src/index.ts";
import { octetsOfLine } from "./frame-octets.ts";
import { digitsOf, errorName, plainOrQuoted, quoted } from "./frame-words.ts";
import { frames } from "./frames.ts";
import { fieldText, text } from "./wire.ts";

/**
 * Frames in one line of text each, right or wrong, in the words of `describeFrame`:
 *
 *     HEADERS stream=1 END_STREAM END_HEADERS | :status=200 server=test
 *     PING payload=01020304050607
 *
 * This reads the wire on its own, so that the engine's parsers are not judged by themselves, and never refuses
 * anything: what has not the form of its type is shown as `payload=`, and a field block that is more than literals as
 * `block=`, so that each line stands for certain octets. One object reads one direction of one connection, as the
 * field compression remembers.
 */
export class FrameText {
  readonly #decoder: Decoder;
  readonly #showsBlocks: boolean;
  #fragments: number[];

  /** Without blocks the line tells the fields alone, however they are compressed. */
  constructor({ showsBlocks }: { showsBlocks: boolean }) {
    this.#showsBlocks = showsBlocks;
    this.#decoder = new Decoder();
    this.#decoder.setMaxTableSize(0xffff);
    this.#fragments = [];
  }

  /** The line for the octets of one frame, or of its beginning, or of the preface. */
  line(octets: Uint8Array): string {
    if (sameOctets(octets, PREFACE)) return "PREFACE";
    const type = octets[3] as number;
    const words = this.#headerWords(octets);
    const payload = octets.subarray(9);
    if (announcedLength(octets) !== payload.length) {
      return [...words, ...(payload.length === 0 ? [] : [`payload=${digitsOf(payload)}`])].join(" ");
    }
    const full = [...words, ...this.#payloadWords(type, octets[4] as number, payload)].join(" ");
    if (!this.#showsBlocks || sameOctets(octetsOfLine(full), octets)) return full;
    return [...words, `payload=${digitsOf(payload)}`].join(" ");
  }

  #headerWords(octets: Uint8Array): string[] {
    const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
    const type = view.getUint8(3);
    const name = frameTypeName(type);
    const words = name.startsWith("0x") ? ["UNKNOWN", `type=${name}`] : [name];
    const streamId = view.getUint32(5) & 0x7fffffff;
    if (streamId !== 0 || !ON_STREAM_ZERO.has(type)) words.push(`stream=${streamId}`);
    if (view.getUint8(5) >= 0x80) words.push("reserved");
    words.push(...flagNames(type, view.getUint8(4)));
    const announced = announcedLength(octets);
    if (announced !== octets.length - 9) words.push(`announced=${announced}`);
    return words;
  }

  #payloadWords(type: number, flags: number, payload: Uint8Array): string[] {
    const isPadded = PADDABLE.has(type) && (flags & FrameFlag.PADDED) !== 0;
    const padding = isPadded ? (payload[0] ?? -1) : 0;
    const fixed = fixedLength(type, flags);
    if (padding < 0 || payload.length < fixed + padding + Number(isPadded)) {
      return payload.length === 0 ? [] : [`payload=${digitsOf(payload)}`];
    }
    const content = payload.subarray(Number(isPadded), payload.length - padding);
    const words = isPadded ? [`padding=${padding}`] : [];
    if (HAS_FIELDS.has(type)) words.push(...this.#fieldWords(type, flags, content, fixed));
    else words.push(...contentWords(type, flags, content));
    return words;
  }

  #fieldWords(type: number, flags: number, content: Uint8Array, fixed: number): string[] {
    const words = fixed === 0 ? [] : fixedWords(type, content);
    const fragment = content.subarray(fixed);
    if (type !== FrameType.CONTINUATION) this.#fragments = [];
    this.#fragments.push(...fragment);
    const fields = (flags & FrameFlag.END_HEADERS) === 0 ? [] : this.#decoded();
    if (this.#showsBlocks && !isPlain(fields, fragment)) words.push(`block=${digitsOf(fragment)}`);
    return fields.length === 0 ? words : [...words, "|", ...fields];
  }

  #decoded(): string[] {
    try {
      return this.#decoder.decode(Uint8Array.from(this.#fragments)).map(quotedField);
    } catch {
      return [];
    }
  }
}

/** Whether the fields alone say what the octets are. */
function isPlain(fields: readonly string[], fragment: Uint8Array): boolean {
  const line = `CONTINUATION ${["|", ...fields].join(" ")}`;
  return sameOctets(octetsOfLine(line).subarray(9), fragment);
}

const PREFACE = frames.preface();
const HAS_FIELDS: ReadonlySet<number> = new Set([
  FrameType.HEADERS,
  FrameType.PUSH_PROMISE,
  FrameType.CONTINUATION,
]);
const PADDABLE: ReadonlySet<number> = new Set([FrameType.DATA, FrameType.HEADERS, FrameType.PUSH_PROMISE]);
const ON_STREAM_ZERO: ReadonlySet<number> = new Set([
  FrameType.SETTINGS,
  FrameType.PING,
  FrameType.GOAWAY,
  FrameType.ORIGIN,
  FrameType.PRIORITY_UPDATE,
]);

/** Octets before a field block. */
function fixedLength(type: number, flags: number): number {
  if (type === FrameType.PUSH_PROMISE) return 4;
  return type === FrameType.HEADERS && (flags & FrameFlag.PRIORITY) !== 0 ? 5 : 0;
}

function fixedWords(type: number, content: Uint8Array): string[] {
  if (type === FrameType.HEADERS) return priorityWords(content);
  return [`promised=${numberAt(content, 0) & 0x7fffffff}`];
}

function contentWords(type: number, flags: number, content: Uint8Array): string[] {
  switch (type) {
    case FrameType.DATA:
      return [`length=${content.length}`, ...(content.length === 0 ? [] : [quoted(latin1(content))])];
    case FrameType.PRIORITY:
      return content.length === 5 ? priorityWords(content) : [];
    case FrameType.RST_STREAM:
      return content.length === 4 ? [`error=${errorName(numberAt(content, 0))}`] : [];
    case FrameType.SETTINGS:
      return settingWords(content);
    case FrameType.PING:
      return [`data=${digitsOf(content)}`];
    case FrameType.GOAWAY:
      return content.length < 8 ? [] : goawayWords(content);
    case FrameType.WINDOW_UPDATE:
      return content.length === 4 ? [`increment=${numberAt(content, 0)}`] : [];
    case FrameType.ALTSVC:
      return content.length < 2 ? [] : altsvcWords(content);
    case FrameType.ORIGIN:
      return originWords(content);
    case FrameType.PRIORITY_UPDATE:
      return content.length < 4 ? [] : priorityUpdateWords(content);
    default:
      return content.length === 0 && flags >= 0 ? [] : [`payload=${digitsOf(content)}`];
  }
}

function priorityWords(content: Uint8Array): string[] {
  const first = numberAt(content, 0);
  const words = [`dependsOn=${first & 0x7fffffff}`, `weight=${(content[4] as number) + 1}`];
  return first > 0x7fffffff ? [...words, "exclusive"] : words;
}

function settingWords(content: Uint8Array): string[] {
  if (content.length % 6 !== 0) return [];
  return Array.from({ length: content.length / 6 }, (_, index) => {
    const entry = content.subarray(index * 6);
    return `${settingName(lengthAt(entry, 0))}=${numberAt(entry, 2)}`;
  });
}

function goawayWords(content: Uint8Array): string[] {
  const words = [`last=${numberAt(content, 0)}`, `error=${errorName(numberAt(content, 4))}`];
  return content.length === 8 ? words : [...words, `debug=${quoted(latin1(content.subarray(8)))}`];
}

function altsvcWords(content: Uint8Array): string[] {
  const end = 2 + lengthAt(content, 0);
  return [
    `origin=${quoted(latin1(content.subarray(2, end)))}`,
    `value=${quoted(latin1(content.subarray(end)))}`,
  ];
}

function originWords(content: Uint8Array): string[] {
  const words: string[] = [];
  for (let position = 0; position + 2 <= content.length; position += 2 + lengthAt(content, position)) {
    const start = position + 2;
    words.push(quoted(latin1(content.subarray(start, start + lengthAt(content, position)))));
  }
  return words;
}

function priorityUpdateWords(content: Uint8Array): string[] {
  const prioritized = numberAt(content, 0) & 0x7fffffff;
  return [`prioritized=${prioritized}`, `value=${quoted(latin1(content.subarray(4)))}`];
}

function quotedField(field: HeaderField): string {
  const name = fieldText(field)
    .slice(0, -field.value.length || undefined)
    .slice(0, -1);
  return `${plainOrQuoted(name)}=${field.value === "" ? '""' : plainOrQuoted(field.value)}`;
}

/** The length of the payload by the header of the frame. */
function announcedLength(octets: Uint8Array): number {
  return Math.floor(numberAt(octets, 0) / 0x100);
}

/** Two octets as a number. */
function lengthAt(octets: Uint8Array, position: number): number {
  return (octets[position] as number) * 0x100 + (octets[position + 1] as number);
}

function numberAt(octets: Uint8Array, position: number): number {
  return new DataView(octets.buffer, octets.byteOffset + position, 4).getUint32(0);
}

function latin1(octets: Uint8Array): string {
  return Array.from(octets, (octet) => text(Uint8Array.of(octet))).join("");
}

function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, index) => octet === other[index]);
}
