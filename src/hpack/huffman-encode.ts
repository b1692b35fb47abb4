/** Huffman coding of strings (RFC 7541 section 5.2), straight from the characters into the output. */
import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { HUFFMAN_CODES, HUFFMAN_LENGTHS } from "./huffman-code.ts";

/** How many octets `text` takes when Huffman coded. Every character must be at most U+00FF. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let index = 0; index < text.length; index++) bits += HUFFMAN_LENGTHS[text.charCodeAt(index)] as number;
  return Math.ceil(bits / 8);
}

/** Appends `text`, Huffman coded; `length` is its `huffmanLength()`. */
export function writeHuffman(writer: ChunkWriter, text: string, length: number): void {
  writer.ensure(length);
  const chunk = writer.chunk;
  let position = writer.position;
  // The low `count` bits of `pending` are not written yet. They go out two octets at a time, which saves a
  // sixth over single octets (bench/micro/hpack.mjs), so `count` is at most 15 between two characters.
  let pending = 0;
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index);
    let code = HUFFMAN_CODES[symbol] as number;
    let bits = HUFFMAN_LENGTHS[symbol] as number;
    if (bits > 16) {
      // 15 bits that wait and a code of up to 30 are too many for one number: its upper part goes first.
      bits -= 15;
      pending = (pending << bits) | (code >>> 15);
      count += bits;
      if (count >= 16) {
        count -= 16;
        chunk[position++] = pending >>> (count + 8);
        chunk[position++] = pending >>> count;
      }
      code &= 0x7fff;
      bits = 15;
    }
    pending = (pending << bits) | code;
    count += bits;
    if (count >= 16) {
      count -= 16;
      chunk[position++] = pending >>> (count + 8);
      chunk[position++] = pending >>> count;
    }
  }
  if (count >= 8) {
    count -= 8;
    chunk[position++] = pending >>> count;
  }
  // The rest of the last octet is filled with ones, the beginning of EOS.
  if (count > 0) chunk[position++] = (pending << (8 - count)) | (0xff >>> count);
  writer.position = position;
}
