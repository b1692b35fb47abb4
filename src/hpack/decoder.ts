import { BlockReader } from "./block-reader.ts";
import { DynamicTable } from "./dynamic-table.ts";
import { fieldSize, HeaderField } from "./header-field.ts";
import { FieldListTooLarge, HpackFault } from "./hpack-fault.ts";
import { readInteger } from "./integer.ts";
import { STATIC_ENTRIES, STATIC_FIELDS } from "./static-table.ts";
import { readString, skipString } from "./string-literal.ts";

/**
 * How much one field block may expand to. Sizes are sums of the octets of names and values and 32 for each
 * field (RFC 9113 section 6.5.2). A hard limit is looked at when a soft one is exceeded, so it should not be
 * below it; the constructor sees to that, whoever changes a limit later has to do so too.
 */
export interface DecoderLimits {
  /** Size up to which fields are stored. Default 65,536. */
  maxListSize: number;
  /** Fields up to which they are stored. Default 384: 128, and 256 crumbs of cookies. */
  maxFields: number;
  /** Size beyond which decoding stops for good. Default twice `maxListSize`. */
  hardListSize: number;
  /** Fields beyond which decoding stops for good. Default 1,000. */
  hardFields: number;
}

const DEFAULT_TABLE_SIZE = 4_096;
const DEFAULT_LIST_SIZE = 65_536;
const DEFAULT_FIELDS = 384;
const DEFAULT_HARD_FIELDS = 1_000;

/** First bits of the representations of RFC 7541 section 6, each the smallest octet of its kind. */
const INDEXED = 0x80;
const ADDED = 0x40;
const SIZE_UPDATE = 0x20;
const NEVER_INDEXED = 0x10;

const INDEXED_MASK = 0x7f;
const ADDED_MASK = 0x3f;
const SIZE_MASK = 0x1f;
const LITERAL_MASK = 0x0f;

/**
 * Decodes the field blocks of one direction of a connection (RFC 7541), in the order in which they arrive.
 *
 * Fields that come out of a table are the table's own objects, so a repeated field costs no memory.
 */
export class Decoder implements DecoderLimits {
  maxListSize: number;
  maxFields: number;
  hardListSize: number;
  hardFields: number;
  #table: DynamicTable;
  #reader: BlockReader;
  /** What the peer may set the table to: announced by us, acknowledged by the peer. */
  #announced: number;
  /** The smallest announcement since the last block, if it is below the table in use; else Infinity. */
  #updateDue: number;
  #truncated: boolean;

  constructor(limits: Partial<DecoderLimits> = {}) {
    const { maxListSize = DEFAULT_LIST_SIZE, maxFields = DEFAULT_FIELDS } = limits;
    this.hardListSize = limits.hardListSize ?? 2 * maxListSize;
    this.hardFields = limits.hardFields ?? Math.max(DEFAULT_HARD_FIELDS, maxFields);
    this.maxListSize = Math.min(maxListSize, this.hardListSize);
    this.maxFields = Math.min(maxFields, this.hardFields);
    this.#table = new DynamicTable(DEFAULT_TABLE_SIZE);
    this.#reader = new BlockReader();
    this.#announced = DEFAULT_TABLE_SIZE;
    this.#updateDue = Number.POSITIVE_INFINITY;
    this.#truncated = false;
  }

  /** Whether the last block exceeded `maxListSize` or `maxFields`: then its fields up to there were returned. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Sum of the sizes of the entries of the dynamic table. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** The bound of the dynamic table that the peer chose with its last size update. */
  get tableMaxSize(): number {
    return this.#table.maxSize;
  }

  /** The entries of the dynamic table, newest first. */
  get dynamicTable(): readonly HeaderField[] {
    return this.#table.entries();
  }

  /**
   * Takes note of a SETTINGS_HEADER_TABLE_SIZE that we announced and the peer acknowledged. If it is below the
   * table in use, the next block has to begin with a size update (RFC 7541 section 4.2).
   */
  setMaxTableSize(size: number): void {
    this.#announced = size;
    if (size < this.#table.maxSize) this.#updateDue = Math.min(this.#updateDue, size);
  }

  /**
   * Decodes a whole field block and returns its fields in a new array; the block is not kept.
   *
   * Throws an `HpackFault` for a block that breaks a rule, and `FieldListTooLarge` for one beyond the hard
   * limits. The decoder is of no use after either.
   */
  decode(block: Uint8Array): HeaderField[] {
    const reader = this.#reader;
    reader.begin(block);
    this.#truncated = false;
    this.#readSizeUpdates(reader);
    const fields = this.#readFields(reader);
    reader.finish();
    return fields;
  }

  #readFields(reader: BlockReader): HeaderField[] {
    const { octets, end } = reader;
    const { maxListSize, maxFields } = this;
    const fields: HeaderField[] = [];
    let size = 0;
    let position = reader.position;
    while (position < end) {
      // An index in one octet is what nearly all fields of a busy connection are: ten take 89 ns
      // here, 115 by way of #readField (bench/micro/hpack.mjs).
      const index = (octets[position] as number) - INDEXED;
      let field: HeaderField;
      if (index > 0 && index < INDEXED_MASK) {
        field = this.#tableField(index);
        position++;
      } else {
        reader.position = position;
        field = this.#readField(reader);
        position = reader.position;
      }
      size += fieldSize(field.name, field.value);
      if (size > maxListSize || fields.length >= maxFields) {
        reader.position = position;
        this.#skipFields(reader, fields.length + 1, size);
        break;
      }
      fields.push(field);
    }
    return fields;
  }

  /** Beyond the soft limits: only what enters the table is still made. */
  #skipFields(reader: BlockReader, fieldsRead: number, sizeRead: number): void {
    this.#truncated = true;
    let count = fieldsRead;
    let size = sizeRead;
    this.#checkHardLimits(count, size);
    while (reader.position < reader.end) {
      size += this.#skipField(reader);
      count++;
      this.#checkHardLimits(count, size);
    }
  }

  /** Size updates stand at the beginning of a block, and there may be several (RFC 7541 section 4.2). */
  #readSizeUpdates(reader: BlockReader): void {
    while (reader.position < reader.end) {
      const first = reader.octets[reader.position] as number;
      if (first < SIZE_UPDATE || first >= ADDED) break;
      this.#resize(readInteger(reader, SIZE_MASK));
    }
    if (this.#updateDue !== Number.POSITIVE_INFINITY) {
      throw new HpackFault(
        `the block does not begin with a size update to ${this.#updateDue} or less`,
        "RFC 7541 section 4.2",
      );
    }
  }

  #resize(size: number): void {
    if (size > this.#announced) {
      throw new HpackFault(
        `a size update to ${size} is beyond the announced ${this.#announced}`,
        "RFC 7541 section 6.3",
      );
    }
    if (size <= this.#updateDue) this.#updateDue = Number.POSITIVE_INFINITY;
    this.#table.resize(size);
  }

  #readField(reader: BlockReader): HeaderField {
    const first = reader.octets[reader.position] as number;
    if (first >= INDEXED) return this.#tableField(readInteger(reader, INDEXED_MASK));
    if (first >= ADDED) return this.#readAdded(reader);
    if (first < SIZE_UPDATE) return this.#readLiteral(reader, LITERAL_MASK, first >= NEVER_INDEXED);
    throw new HpackFault(
      "a size update does not stand at the beginning of the block",
      "RFC 7541 section 4.2",
    );
  }

  #readAdded(reader: BlockReader): HeaderField {
    const field = this.#readLiteral(reader, ADDED_MASK, false);
    this.#table.add(field);
    return field;
  }

  #readLiteral(reader: BlockReader, mask: number, sensitive: boolean): HeaderField {
    const index = readInteger(reader, mask);
    const name = index === 0 ? readString(reader) : this.#tableField(index).name;
    return new HeaderField(name, readString(reader), sensitive);
  }

  /** Returns the size of the field. The strings of a literal that no table takes are not made. */
  #skipField(reader: BlockReader): number {
    if ((reader.octets[reader.position] as number) >= SIZE_UPDATE) {
      const field = this.#readField(reader);
      return fieldSize(field.name, field.value);
    }
    const index = readInteger(reader, LITERAL_MASK);
    const nameLength = index === 0 ? skipString(reader) : this.#tableField(index).name.length;
    return nameLength + skipString(reader) + 32;
  }

  #tableField(index: number): HeaderField {
    if (index > STATIC_ENTRIES) {
      const offset = index - STATIC_ENTRIES - 1;
      if (offset < this.#table.count) return this.#table.at(offset);
      throw new HpackFault(`index ${index} is beyond both tables`, "RFC 7541 section 2.3.3");
    }
    if (index === 0) throw new HpackFault("index 0 refers to no field", "RFC 7541 section 6.1");
    return STATIC_FIELDS[index] as HeaderField;
  }

  #checkHardLimits(count: number, size: number): void {
    if (size > this.hardListSize) throw tooLarge("size", this.hardListSize);
    if (count > this.hardFields) throw tooLarge("number of fields", this.hardFields);
  }
}

function tooLarge(what: string, limit: number): FieldListTooLarge {
  return new FieldListTooLarge(`the ${what} of a field section exceeds ${limit}`, "RFC 9113 section 10.5.1");
}
