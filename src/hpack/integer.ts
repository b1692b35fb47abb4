/**
 * Integers with a prefix (RFC 7541 section 5.1): the low bits of an octet, and when those are all ones, groups
 * of seven bits behind it, the lowest first. `mask` has the bits of the prefix set.
 */
import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import type { BlockReader } from "./block-reader.ts";
import { HpackFault } from "./hpack-fault.ts";

/** The largest integer that is accepted. Neither an index nor a length in a sound block comes near it. */
const LARGEST = 2 ** 28;
const MOST_CONTINUATIONS = 5;

/** Reads the integer whose prefix is in the octet at the reader's position, which must exist. */
export function readInteger(reader: BlockReader, mask: number): number {
  const prefix = (reader.octets[reader.position++] as number) & mask;
  return prefix < mask ? prefix : readContinuation(reader, mask);
}

/**
 * Five groups have 35 bits. That is more than a bit operator holds, so the groups are added up as numbers.
 * Groups of zeros at the end are legal and lengthen the integer for nothing, so their number is bounded too.
 */
function readContinuation(reader: BlockReader, mask: number): number {
  const { octets, end } = reader;
  let value = mask;
  let weight = 1;
  for (let count = 1; ; count++) {
    if (reader.position === end) throw new HpackFault("the block ends inside an integer", SECTION);
    const octet = octets[reader.position++] as number;
    value += (octet & 0x7f) * weight;
    if (value > LARGEST) throw new HpackFault("an integer is larger than 2^28", SECTION);
    if (octet < 0x80) return value;
    if (count === MOST_CONTINUATIONS) throw new HpackFault("an integer has more than 6 octets", SECTION);
    weight *= 128;
  }
}

const SECTION = "RFC 7541 section 5.1";

/** Writes `value`, at least 0 and below 2^32, with the bits of `pattern` above the prefix. */
export function writeInteger(writer: ChunkWriter, pattern: number, mask: number, value: number): void {
  writer.ensure(MOST_CONTINUATIONS + 1);
  const chunk = writer.chunk;
  if (value < mask) {
    chunk[writer.position++] = pattern | value;
    return;
  }
  chunk[writer.position++] = pattern | mask;
  let rest = value - mask;
  for (; rest >= 0x80; rest >>>= 7) chunk[writer.position++] = rest | 0x80;
  chunk[writer.position++] = rest;
}
