import { Decoder, Encoder, encodeFieldBlock, HeaderField, Indexing } from "../../src/hpack/index.ts";

export type Pair = readonly [name: string, value: string];

/** Octets from hexadecimal digits; blanks do not count. */
export function octets(hex: string): Uint8Array {
  const digits = hex.replace(/\s/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}

export function hexOf(block: Uint8Array): string {
  return Array.from(block, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

export function pairs(fields: Iterable<HeaderField>): Pair[] {
  return Array.from(fields, (field): Pair => [field.name, field.value]);
}

export function sensitive(name: string, value: string): HeaderField {
  return new HeaderField(name, value, true);
}

/** What a fresh decoder makes of one block. */
export function decoded(hex: string): Pair[] {
  return pairs(new Decoder().decode(octets(hex)));
}

/** What a fresh encoder makes of one list, in the plainest form: no Huffman, every literal added. */
export function encoded(...fields: (HeaderField | Pair)[]): string {
  return hexOf(encodeFieldBlock(plainEncoder(), fields));
}

export function plainEncoder(): Encoder {
  return new Encoder({ huffman: "never", indexing: () => Indexing.add });
}

/** What `action` throws, which need not be an Error. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
}
