import { fieldSize, HeaderField } from "./header-field.ts";

/**
 * The dynamic table (RFC 7541 section 2.3.2): first in, first out, bounded by the size of its entries.
 *
 * Entries lie in a ring and have ids that grow for ever, so that neither adding nor evicting moves or renumbers
 * anything. The newest entry is at offset 0.
 */
export class DynamicTable {
  /** Its length is a power of two; the entry with an id lies at the id modulo the length. */
  #ring: HeaderField[];
  #mask: number;
  #nextId: number;
  #count: number;
  #size: number;
  #maxSize: number;

  constructor(maxSize: number) {
    this.#ring = new Array<HeaderField>(FIRST_RING).fill(NO_FIELD);
    this.#mask = FIRST_RING - 1;
    this.#nextId = 0;
    this.#count = 0;
    this.#size = 0;
    this.#maxSize = maxSize;
  }

  /** Number of entries. */
  get count(): number {
    return this.#count;
  }

  /** Sum of the sizes of the entries (RFC 7541 section 4.1). */
  get size(): number {
    return this.#size;
  }

  /** What the size may not exceed. */
  get maxSize(): number {
    return this.#maxSize;
  }

  /** Id of the entry that is added next. Those in the table are the `count` ids before it. */
  get nextId(): number {
    return this.#nextId;
  }

  /** The entry at `offset`, which must be below `count`. */
  at(offset: number): HeaderField {
    return this.#ring[(this.#nextId - 1 - offset) & this.#mask] as HeaderField;
  }

  /** Whether an entry of `size` finds room without an eviction. */
  fits(size: number): boolean {
    return this.#size + size <= this.#maxSize;
  }

  /** Adds an entry and evicts what it displaces; one larger than the table empties it (RFC 7541 section 4.4). */
  add(field: HeaderField): void {
    const size = fieldSize(field.name, field.value);
    while (this.#count > 0 && !this.fits(size)) this.evict();
    if (!this.fits(size)) return;
    if (this.#count > this.#mask) this.#grow();
    this.#ring[this.#nextId & this.#mask] = field;
    this.#nextId++;
    this.#count++;
    this.#size += size;
  }

  /** Changes the bound and evicts what is beyond it (RFC 7541 section 4.3). */
  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    while (this.#size > maxSize) this.evict();
  }

  /** Takes out the oldest entry. There must be one. */
  evict(): HeaderField {
    const place = (this.#nextId - this.#count) & this.#mask;
    const field = this.#ring[place] as HeaderField;
    this.#ring[place] = NO_FIELD;
    this.#count--;
    this.#size -= fieldSize(field.name, field.value);
    return field;
  }

  /** The entries, newest first. */
  entries(): HeaderField[] {
    return Array.from({ length: this.#count }, (_, offset) => this.at(offset));
  }

  #grow(): void {
    const entries = this.entries();
    const mask = 2 * this.#mask + 1;
    const ring = new Array<HeaderField>(mask + 1).fill(NO_FIELD);
    entries.forEach((field, offset) => {
      ring[(this.#nextId - 1 - offset) & mask] = field;
    });
    this.#ring = ring;
    this.#mask = mask;
  }
}

const FIRST_RING = 16;
const NO_FIELD = new HeaderField("", "");
