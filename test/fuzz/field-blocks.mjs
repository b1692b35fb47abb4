import { joined, text } from "./wire-frames.mjs";

/**
 * Writes field blocks as a peer would that makes use of all that HPACK has: it keeps a table, and takes each time
 * whatever representation chance gives it.
 */
export class BlockWriter {
  #random;
  #table;
  #size;
  #maxSize;

  constructor(random) {
    this.#random = random;
    this.#table = [];
    this.#size = 0;
    this.#maxSize = 4096;
  }

  /** A block that is right as long as the decoder's table may have 4,096 octets. */
  block(fields) {
    const updates = this.#random.once(12) ? this.#sizeUpdates() : [];
    return joined([...updates, ...fields.map(([name, value]) => this.#field(name, value))]);
  }

  /** Most of a block, with something in it that is not HPACK, or that no decoder should spend much on. */
  garbage(fields) {
    const good = this.block(fields);
    const bad = this.#random.pick(GARBAGE);
    const place = this.#random.below(good.length + 1);
    return joined([good.subarray(0, place), bad(this.#random), good.subarray(place)]);
  }

  #sizeUpdates() {
    const smallest = this.#random.pick([0, 0, 64, 200, 1_000, 4_096]);
    const next = this.#random.pick([smallest, 4_096, 4_096]);
    this.#resize(smallest);
    this.#resize(next);
    return next === smallest
      ? [integer(0x20, 0x1f, next)]
      : [integer(0x20, 0x1f, smallest), integer(0x20, 0x1f, next)];
  }

  #field(name, value) {
    const index = this.#table.findIndex(([one, other]) => one === name && other === value);
    const known = STATIC.findIndex(([one, other]) => one === name && other === value);
    if (index >= 0 && !this.#random.once(6)) return integer(0x80, 0x7f, index + 62);
    if (known >= 0 && !this.#random.once(6)) return integer(0x80, 0x7f, known + 1);
    const kind = this.#random.below(4);
    if (kind === 0) return this.#literal(0x00, 0x0f, name, value);
    if (kind === 1) return this.#literal(0x10, 0x0f, name, value);
    const octets = this.#literal(0x40, 0x3f, name, value);
    this.#add(name, value);
    return octets;
  }

  #literal(pattern, mask, name, value) {
    const index = this.#table.findIndex(([one]) => one === name);
    const known = STATIC.findIndex(([one]) => one === name);
    if (index >= 0 && this.#random.once(2))
      return joined([integer(pattern, mask, index + 62), this.#string(value)]);
    if (known >= 0 && !this.#random.once(4))
      return joined([integer(pattern, mask, known + 1), this.#string(value)]);
    return joined([integer(pattern, mask, 0), this.#string(name), this.#string(value)]);
  }

  #string(characters) {
    const coded = HUFFMAN.get(characters);
    if (coded !== undefined && this.#random.once(2)) return joined([[0x80 | coded.length], coded]);
    return joined([integer(0, 0x7f, characters.length), text(characters)]);
  }

  #add(name, value) {
    this.#table.unshift([name, value]);
    this.#size += name.length + value.length + 32;
    this.#evict();
  }

  #resize(size) {
    this.#maxSize = size;
    this.#evict();
  }

  #evict() {
    while (this.#size > this.#maxSize) {
      const [name, value] = this.#table.pop();
      this.#size -= name.length + value.length + 32;
    }
  }
}

/** An integer with the prefix that `mask` leaves (RFC 7541 section 5.1). */
export function integer(pattern, mask, value) {
  if (value < mask) return Uint8Array.of(pattern | value);
  const octets = [pattern | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) | 0x80);
  return Uint8Array.from([...octets, rest]);
}

/** The entries of the static table that conversations use, in their places. */
const STATIC = Array.from({ length: 61 }, () => ["", "\uffff"]);
for (const [index, name, value] of [
  [1, ":authority", ""],
  [2, ":method", "GET"],
  [3, ":method", "POST"],
  [4, ":path", "/"],
  [6, ":scheme", "http"],
  [7, ":scheme", "https"],
  [8, ":status", "200"],
  [9, ":status", "204"],
  [11, ":status", "304"],
  [13, ":status", "404"],
  [16, "accept-encoding", "gzip, deflate"],
  [28, "content-length", ""],
  [31, "content-type", ""],
  [32, "cookie", ""],
  [38, "host", ""],
])
  STATIC[index - 1] = [name, value];

/** Some strings in Huffman code, from the examples of RFC 7541 appendix C and the code of single letters. */
const HUFFMAN = new Map([
  ["www.example.com", Uint8Array.from(Buffer.from("f1e3c2e5f23a6ba0ab90f4ff", "hex"))],
  ["no-cache", Uint8Array.from(Buffer.from("a8eb10649cbf", "hex"))],
  ["a", Uint8Array.of(0x1f)],
  ["302", Uint8Array.from(Buffer.from("6402", "hex"))],
  ["private", Uint8Array.from(Buffer.from("aec3771a4b", "hex"))],
]);

const GARBAGE = [
  (random) => random.octets(random.between(1, 12)),
  // Index 0, indices beyond both tables, and integers that never end or are far too large.
  () => Uint8Array.of(0x80),
  (random) => integer(0x80, 0x7f, random.pick([62, 70, 200, 5_000, 2 ** 31, 2 ** 40])),
  (random) =>
    joined([[random.pick([0xff, 0x7f, 0x3f, 0x1f, 0x0f])], new Uint8Array(random.between(1, 20)).fill(0x80)]),
  (random) => joined([[0xff], new Uint8Array(random.between(1, 12)).fill(0xff)]),
  // Size updates in the middle, too large, or very many.
  (random) => integer(0x20, 0x1f, random.pick([0, 100, 4_096, 4_097, 2 ** 24])),
  (random) => new Uint8Array(random.between(1, 300)).fill(0x20),
  // Strings longer than what is there, Huffman code that is padded wrong, contains EOS or ends in the middle.
  (random) => joined([[0x40], integer(0, 0x7f, random.pick([20, 300, 2 ** 20]))]),
  () => Uint8Array.of(0x00, 0x81, 0x00, 0x00),
  () => Uint8Array.of(0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00),
  (random) => joined([[0x00, 0x80 | 20], random.octets(20), [0x01, 0x61]]),
  // One large entry, and many references to it.
  (random) =>
    joined([
      [0x40, 1, 0x62],
      integer(0, 0x7f, 3_900),
      new Uint8Array(3_900).fill(0x62),
      new Uint8Array(random.pick([3, 15, 40, 400])).fill(0xbe),
    ]),
  (random) => new Uint8Array(random.pick([100, 400, 1_100])).fill(0x84),
];
