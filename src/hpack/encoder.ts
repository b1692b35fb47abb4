import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { EncoderTable, type NameRecord } from "./encoder-table.ts";
import type { HeaderField } from "./header-field.ts";
import { Indexing, type IndexingPolicy, indexUsefulFields } from "./indexing-policy.ts";
import { writeInteger } from "./integer.ts";
import { type HuffmanPolicy, writeString } from "./string-literal.ts";

export interface EncoderOptions {
  /** Bound of the dynamic table in octets, however much the peer would hold. Default 4,096. */
  maxTableSize?: number;
  /** Which fields go into the dynamic table. */
  indexing?: IndexingPolicy;
  /** Which strings are Huffman coded. Default "shorter". */
  huffman?: HuffmanPolicy;
}

/** The size of both ends' tables before any SETTINGS frame (RFC 9113 section 6.5.2). */
const DEFAULT_TABLE_SIZE = 4_096;

/** First bits of the representations, and the prefixes of their integers (RFC 7541 section 6). */
const INDEXED = 0x80;
const INDEXED_MASK = 0x7f;
const ADDED = 0x40;
const ADDED_MASK = 0x3f;
const SIZE_UPDATE = 0x20;
const SIZE_MASK = 0x1f;
const NEVER_INDEXED = 0x10;
const NOT_INDEXED = 0;
const LITERAL_MASK = 0x0f;

/** Encodes the field blocks of one direction of a connection (RFC 7541), in the order in which they are sent. */
export class Encoder {
  #table: EncoderTable;
  #cap: number;
  #indexing: IndexingPolicy;
  #huffman: HuffmanPolicy;
  /** The bound that the peer's decoder works with: the last one it was told. */
  #toldSize: number;
  /** The smallest bound since then. */
  #smallestSize: number;
  #updateDue: boolean;

  constructor(options: EncoderOptions = {}) {
    this.#cap = options.maxTableSize ?? DEFAULT_TABLE_SIZE;
    this.#indexing = options.indexing ?? indexUsefulFields;
    this.#huffman = options.huffman ?? "shorter";
    this.#table = new EncoderTable(DEFAULT_TABLE_SIZE);
    this.#toldSize = DEFAULT_TABLE_SIZE;
    this.#smallestSize = DEFAULT_TABLE_SIZE;
    this.#updateDue = false;
    this.setMaxTableSize(DEFAULT_TABLE_SIZE);
  }

  /** Sum of the sizes of the entries of the dynamic table. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** The bound of the dynamic table. */
  get tableMaxSize(): number {
    return this.#table.maxSize;
  }

  /** The entries of the dynamic table, newest first. */
  get dynamicTable(): readonly HeaderField[] {
    return this.#table.entries();
  }

  /**
   * Takes the peer's SETTINGS_HEADER_TABLE_SIZE. The table becomes as large as that and our own cap allow, and
   * the next block begins with the size updates that tell the peer (RFC 7541 section 4.2).
   */
  setMaxTableSize(size: number): void {
    const effective = Math.min(size, this.#cap);
    this.#table.resize(effective);
    this.#smallestSize = Math.min(this.#smallestSize, effective);
    this.#updateDue = effective !== this.#toldSize || this.#smallestSize < this.#toldSize;
  }

  /**
   * Appends one field block to what the writer is at. Every character of the fields must be at most U+00FF.
   * The fields themselves go into the table, so they must not change afterwards.
   */
  encode(fields: readonly HeaderField[], writer: ChunkWriter): void {
    if (this.#updateDue) this.#writeSizeUpdates(writer);
    for (let index = 0; index < fields.length; index++)
      this.#writeField(fields[index] as HeaderField, writer);
  }

  /** The smallest bound has to be told too, as it made the peer's table lose entries. */
  #writeSizeUpdates(writer: ChunkWriter): void {
    const size = this.#table.maxSize;
    if (this.#smallestSize < size && this.#smallestSize < this.#toldSize) {
      writeInteger(writer, SIZE_UPDATE, SIZE_MASK, this.#smallestSize);
    }
    writeInteger(writer, SIZE_UPDATE, SIZE_MASK, size);
    this.#toldSize = size;
    this.#smallestSize = size;
    this.#updateDue = false;
  }

  #writeField(field: HeaderField, writer: ChunkWriter): void {
    const record = this.#table.record(field.name);
    if (field.sensitive) {
      this.#writeLiteral(field, record, NEVER_INDEXED, LITERAL_MASK, writer);
      return;
    }
    const index = record === undefined ? 0 : this.#table.fieldIndex(record, field.value);
    if (index > 0) writeInteger(writer, INDEXED, INDEXED_MASK, index);
    else if (this.#isWorthAdding(field, record)) {
      this.#writeLiteral(field, record, ADDED, ADDED_MASK, writer);
      this.#table.add(field);
    } else this.#writeLiteral(field, record, NOT_INDEXED, LITERAL_MASK, writer);
  }

  /** Where no record can remember the value, a field is added at once. */
  #isWorthAdding(field: HeaderField, record: NameRecord | undefined): boolean {
    const indexing = this.#indexing(field, this.#table.maxSize);
    if (indexing !== Indexing.onRepeat || record === undefined) return indexing !== Indexing.none;
    if (record.passed === field.value) return true;
    record.passed = field.value;
    return false;
  }

  #writeLiteral(
    field: HeaderField,
    record: NameRecord | undefined,
    pattern: number,
    mask: number,
    writer: ChunkWriter,
  ): void {
    writeInteger(writer, pattern, mask, record === undefined ? 0 : this.#table.nameIndex(record));
    if (record === undefined) writeString(writer, field.name, this.#huffman);
    writeString(writer, field.value, this.#huffman);
  }
}
