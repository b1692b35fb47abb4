/** HPACK, the compression of field sections (RFC 7541), as "h2wire/hpack". */
import { ChunkWriter } from "../bytes/chunk-writer.ts";
import { isLatin1 } from "../bytes/latin1.ts";
import type { Encoder } from "./encoder.ts";
import { HeaderField } from "./header-field.ts";

export { Decoder, type DecoderLimits } from "./decoder.ts";
export { Encoder, type EncoderOptions } from "./encoder.ts";
export { fieldSize, HeaderField } from "./header-field.ts";
export { FieldListTooLarge, HpackFault } from "./hpack-fault.ts";
export { Indexing, type IndexingPolicy, indexEverything, indexUsefulFields } from "./indexing-policy.ts";
export type { HuffmanPolicy } from "./string-literal.ts";

/**
 * Encodes one field block into an array of its own. For tools and tests: the engine writes blocks straight into
 * its output.
 *
 * Throws a `RangeError`, before anything changed, if a name or value has a character above U+00FF.
 */
export function encodeFieldBlock(
  encoder: Encoder,
  fields: Iterable<HeaderField | readonly [name: string, value: string]>,
): Uint8Array {
  const list = Array.from(fields, (field) =>
    field instanceof HeaderField ? field : new HeaderField(field[0], field[1]),
  );
  for (const { name, value } of list) {
    if (!isLatin1(name) || !isLatin1(value)) {
      throw new RangeError(`Field ${JSON.stringify(name)} has a character above U+00FF`);
    }
  }
  const writer = new ChunkWriter();
  writer.mark();
  encoder.encode(list, writer);
  return writer.takeOctets();
}
