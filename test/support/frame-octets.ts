import { FrameType } from "../../src/frames/index.ts";
import { Encoder, encodeFieldBlock, HeaderField, Indexing } from "../../src/hpack/index.ts";
import { errorOf, flagsOf, type Line, numberOf, parseLine, settingsOf, wordValue } from "./frame-words.ts";
import { ascii, frames, joined } from "./frames.ts";

/**
 * The octets of a line of a transcript, the other way round than `FrameText`. Fields come out as literals that touch
 * no table, unless `block=` has the octets of the field block; `payload=` has those of any payload.
 */
export function octetsOfLine(text: string): Uint8Array {
  const line = parseLine(text);
  if (line.name === "PREFACE") return frames.preface();
  if (line.name === "OCTETS") return joined(...line.texts.map(ascii), unhex(wordValue(line, "hex") ?? ""));
  const type = line.name === "UNKNOWN" ? Number(wordValue(line, "type")) : TYPES[line.name];
  if (type === undefined) throw new Error(`no frame: ${text}`);
  const payload = payloadOf(type, line);
  const length = numberOf(line, "announced", payload.length);
  const header = frames.header(length, type, flagsOf(line, type), numberOf(line, "stream", 0));
  if (line.words.has("reserved")) header[5] = (header[5] as number) | 0x80;
  return joined(header, payload);
}

/** Octets from hexadecimal digits; blanks do not count, and `61*100` stands for a hundred times 61. */
export function unhex(digits: string): Uint8Array {
  const full = digits
    .replace(/\b([0-9a-f]{2})\*(\d+)\b/g, (_, octet: string, times: string) => octet.repeat(Number(times)))
    .replace(/\s/g, "");
  if (!/^([0-9a-f]{2})*$/.test(full)) throw new Error(`no hexadecimal octets: ${digits}`);
  return Uint8Array.from(full.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}

const ENCODER = new Encoder({ indexing: () => Indexing.none, huffman: "never" });
const TYPES: Readonly<Record<string, number>> = FrameType;

function payloadOf(type: number, line: Line): Uint8Array {
  const raw = wordValue(line, "payload");
  if (raw !== undefined) return unhex(raw);
  const padding = numberOf(line, "padding", -1);
  const content = contentOf(type, line);
  if (padding < 0) return content;
  return joined(Uint8Array.of(padding), content, new Uint8Array(padding));
}

function contentOf(type: number, line: Line): Uint8Array {
  switch (type) {
    case FrameType.DATA:
      return ascii(line.texts.join(""));
    case FrameType.HEADERS:
      return line.words.has("PRIORITY") ? joined(priorityOf(line), blockOf(line)) : blockOf(line);
    case FrameType.PUSH_PROMISE:
      if (wordValue(line, "promised") === undefined) return blockOf(line);
      return joined(uint32(numberOf(line, "promised", 0)), blockOf(line));
    case FrameType.CONTINUATION:
      return blockOf(line);
    case FrameType.PRIORITY:
      return wordValue(line, "weight") === undefined ? ascii("") : priorityOf(line);
    case FrameType.RST_STREAM:
      return wordValue(line, "error") === undefined ? ascii("") : uint32(errorOf(line));
    case FrameType.SETTINGS:
      return payloadBehind(frames.settings(...settingsOf(line)));
    case FrameType.PING:
      return unhex(wordValue(line, "data") ?? "");
    case FrameType.GOAWAY:
      if (wordValue(line, "last") === undefined) return ascii("");
      return payloadBehind(
        frames.goaway(numberOf(line, "last", 0), errorOf(line), wordValue(line, "debug") ?? ""),
      );
    case FrameType.WINDOW_UPDATE:
      return wordValue(line, "increment") === undefined ? ascii("") : uint32(numberOf(line, "increment", 0));
    case FrameType.ALTSVC:
    case FrameType.ORIGIN:
    case FrameType.PRIORITY_UPDATE:
      return extensionOf(type, line);
    default:
      return ascii("");
  }
}

/** Payloads of the frames that other RFCs add. */
function extensionOf(type: number, line: Line): Uint8Array {
  const value = wordValue(line, "value") ?? "";
  if (type === FrameType.ORIGIN) return payloadBehind(frames.origin(...line.texts));
  if (type === FrameType.PRIORITY_UPDATE) {
    return payloadBehind(frames.priorityUpdate(numberOf(line, "prioritized", 0), value));
  }
  return payloadBehind(frames.altsvc(0, wordValue(line, "origin") ?? "", value));
}

function blockOf(line: Line): Uint8Array {
  const block = wordValue(line, "block");
  if (block !== undefined) return unhex(block);
  const fields = (line.fields ?? []).map(([name, value]) => {
    const isSecret = name.endsWith("!");
    return new HeaderField(isSecret ? name.slice(0, -1) : name, value, isSecret);
  });
  return encodeFieldBlock(ENCODER, fields);
}

function priorityOf(line: Line): Uint8Array {
  const dependsOn = numberOf(line, "dependsOn", 0);
  const weight = numberOf(line, "weight", 16);
  return payloadBehind(frames.priority(0, { dependsOn, weight, exclusive: line.words.has("exclusive") }));
}

function payloadBehind(frame: Uint8Array): Uint8Array {
  return frame.subarray(9);
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
