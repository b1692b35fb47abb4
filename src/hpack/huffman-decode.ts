/**
 * Huffman decoding (RFC 7541 section 5.2), four bits at a time.
 *
 * The code is a binary tree with 256 inner nodes. A state of the decoder is the inner node that the bits so far
 * lead to. As no code is shorter than five bits, four bits finish at most one symbol, so one number tells all:
 * the next state, and the symbol if there is one. The tables are built from the list of codes at load; that
 * takes well under a millisecond, and 16 KiB stay in the processor's nearest cache.
 */
import { HpackFault } from "./hpack-fault.ts";
import { HUFFMAN_CODES, HUFFMAN_LENGTHS } from "./huffman-code.ts";

/** A step: symbol in bits 0 to 7, whether there is one in bit 8, a refusal in bit 9, next state * 16 from bit 12. */
const EMITS_SHIFT = 8;
const REFUSED = 1 << 9;
const STATE_SHIFT = 12;
const EOS = 256;
const INNER_NODES = 256;

/** By state: may a string end here, and if not, why. */
const ENDS_WELL = 1;
const PADDING_TOO_LONG = 2;
const PADDING_NOT_ONES = 0;

const { steps: STEPS, endings: ENDINGS } = decodingTables();

/**
 * Decodes the octets from `start` up to `end` into `target`, which has room for 8/5 of them and one more, and
 * returns how many octets came out.
 */
export function decodeHuffman(octets: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let length = 0;
  let state = 0;
  let flags = 0;
  for (let position = start; position < end; position++) {
    const octet = octets[position] as number;
    // Storing always and moving on only behind a symbol spares a branch that is hard to predict.
    const high = STEPS[state | (octet >>> 4)] as number;
    target[length] = high;
    length += (high >>> EMITS_SHIFT) & 1;
    const low = STEPS[(high >>> STATE_SHIFT) | (octet & 0xf)] as number;
    target[length] = low;
    length += (low >>> EMITS_SHIFT) & 1;
    flags |= high | low;
    state = low >>> STATE_SHIFT;
  }
  const ending = ENDINGS[state >>> 4];
  if ((flags & REFUSED) !== 0 || ending !== ENDS_WELL) throw huffmanFault(flags, ending);
  return length;
}

function huffmanFault(flags: number, ending: number | undefined): HpackFault {
  if ((flags & REFUSED) !== 0) return new HpackFault("a Huffman coded string contains EOS", SECTION);
  if (ending === PADDING_TOO_LONG) {
    return new HpackFault("the padding of a Huffman coded string is longer than 7 bits", SECTION);
  }
  return new HpackFault("the padding of a Huffman coded string is not the beginning of EOS", SECTION);
}

const SECTION = "RFC 7541 section 5.2";

interface DecodingTables {
  readonly steps: Uint32Array;
  readonly endings: Uint8Array;
}

function decodingTables(): DecodingTables {
  const children = codeTree();
  const steps = new Uint32Array(INNER_NODES * 16);
  for (let state = 0; state < INNER_NODES; state++) {
    for (let nibble = 0; nibble < 16; nibble++) steps[state * 16 + nibble] = step(children, state, nibble);
  }
  return { steps, endings: endings(children) };
}

/**
 * Children of node n at 2n (bit 0) and 2n + 1 (bit 1): an inner node as its number, a symbol as its bitwise
 * complement. The root is node 0.
 */
function codeTree(): Int16Array {
  const children = new Int16Array(2 * INNER_NODES);
  let nodes = 1;
  for (let symbol = 0; symbol <= EOS; symbol++) {
    const code = HUFFMAN_CODES[symbol] as number;
    let node = 0;
    for (let shift = (HUFFMAN_LENGTHS[symbol] as number) - 1; shift > 0; shift--) {
      const place = 2 * node + ((code >>> shift) & 1);
      if (children[place] === 0) children[place] = nodes++;
      node = children[place] as number;
    }
    children[2 * node + (code & 1)] = ~symbol;
  }
  return children;
}

function step(children: Int16Array, state: number, nibble: number): number {
  let node = state;
  let result = 0;
  for (let shift = 3; shift >= 0; shift--) {
    const child = children[2 * node + ((nibble >>> shift) & 1)] as number;
    if (child < 0) {
      const symbol = ~child;
      result |= symbol === EOS ? REFUSED : (1 << EMITS_SHIFT) | symbol;
    }
    node = Math.max(child, 0);
  }
  return (result | (node << (STATE_SHIFT + 4))) >>> 0;
}

/** Padding is the beginning of EOS, thus ones only, and at most seven of them. */
function endings(children: Int16Array): Uint8Array {
  const result = new Uint8Array(INNER_NODES).fill(PADDING_NOT_ONES);
  let node = 0;
  for (let depth = 0; node >= 0; depth++) {
    result[node] = depth < 8 ? ENDS_WELL : PADDING_TOO_LONG;
    node = children[2 * node + 1] as number;
  }
  return result;
}
