import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { isLatin1, latin1ToOctets } from "../bytes/latin1.ts";

/** Byte strings in the payload of extension frames. */

/** @throws RangeError when `text` has a character over U+00FF or more than `longest` octets */
export function checkByteString(text: string, longest: number): void {
  if (!isLatin1(text)) throw new RangeError("A byte string has one octet a character");
  if (text.length > longest)
    throw new RangeError(`${text.length} octets are too many, ${longest} are allowed`);
}

/** Appends one octet a character. The room must have been ensured, and the string checked. */
export function appendByteString(writer: ChunkWriter, text: string): void {
  writer.position = latin1ToOctets(text, writer.chunk, writer.position);
}
