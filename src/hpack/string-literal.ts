/** String literals (RFC 7541 section 5.2): a bit that says Huffman or not, the length, and the octets. */
import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { latin1FromOctets, latin1ToOctets } from "../bytes/latin1.ts";
import type { BlockReader } from "./block-reader.ts";
import { HpackFault } from "./hpack-fault.ts";
import { decodeHuffman } from "./huffman-decode.ts";
import { huffmanLength, writeHuffman } from "./huffman-encode.ts";
import { readInteger, writeInteger } from "./integer.ts";

/** Which strings are Huffman coded: those that get shorter by it, all, or none. */
export type HuffmanPolicy = "shorter" | "always" | "never";

const HUFFMAN = 0x80;
const LENGTH_MASK = 0x7f;
/** Decoded octets wait here for becoming a string: one array for all decoders, as nothing stays in it. */
const SCRATCH = new Uint8Array(8_192);

/** Reads a string literal. */
export function readString(reader: BlockReader): string {
  const coded = isHuffman(reader);
  const start = readExtent(reader);
  if (!coded) return latin1FromOctets(reader.octets, start, reader.position);
  const target = decodingTarget(reader.position - start);
  return latin1FromOctets(target, 0, decodeHuffman(reader.octets, start, reader.position, target));
}

/** Reads past a string literal, with all checks but without making the string, and returns its length. */
export function skipString(reader: BlockReader): number {
  const coded = isHuffman(reader);
  const start = readExtent(reader);
  const length = reader.position - start;
  return coded ? decodeHuffman(reader.octets, start, reader.position, decodingTarget(length)) : length;
}

function isHuffman(reader: BlockReader): boolean {
  if (reader.position === reader.end) throw new HpackFault("the block ends before a string", SECTION);
  return (reader.octets[reader.position] as number) >= HUFFMAN;
}

/** Moves the reader behind the string and returns where its octets start. */
function readExtent(reader: BlockReader): number {
  const length = readInteger(reader, LENGTH_MASK);
  const start = reader.position;
  if (length > reader.end - start)
    throw new HpackFault("a string is longer than the rest of the block", SECTION);
  reader.position = start + length;
  return start;
}

const SECTION = "RFC 7541 section 5.2";

/** Five bits make an octet at best, and the decoder stores one octet that does not count. */
function decodingTarget(length: number): Uint8Array {
  const room = Math.floor((length * 8) / 5) + 1;
  return room <= SCRATCH.length ? SCRATCH : new Uint8Array(room);
}

/** Writes a string literal. Every character of `text` must be at most U+00FF. */
export function writeString(writer: ChunkWriter, text: string, policy: HuffmanPolicy): void {
  if (policy !== "never") {
    const length = huffmanLength(text);
    if (length < text.length || policy === "always") {
      writeInteger(writer, HUFFMAN, LENGTH_MASK, length);
      writeHuffman(writer, text, length);
      return;
    }
  }
  writeInteger(writer, 0, LENGTH_MASK, text.length);
  writer.ensure(text.length);
  writer.position = latin1ToOctets(text, writer.chunk, writer.position);
}
