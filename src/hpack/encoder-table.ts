import { DynamicTable } from "./dynamic-table.ts";
import { fieldSize, type HeaderField } from "./header-field.ts";
import { STATIC_ENTRIES, STATIC_NAMES, type StaticName } from "./static-table.ts";

/**
 * The encoder's side of the tables: a dynamic table, and the look-up of a field in both tables.
 *
 * The usual field repeats what was last said under its name. So there is one record a name, which remembers
 * the last value and where it is; only a name with several values in the tables asks a second Map.
 *
 * A place is an index of the static table (1 to 61) or, from 62 on, stands for an id of the dynamic table.
 */
export class EncoderTable {
  #table: DynamicTable;
  /** Names in the dynamic table, and those of the static table that were asked for. */
  #names: Map<string, NameRecord>;

  constructor(maxSize: number) {
    this.#table = new DynamicTable(maxSize);
    this.#names = new Map();
  }

  get size(): number {
    return this.#table.size;
  }

  get maxSize(): number {
    return this.#table.maxSize;
  }

  entries(): HeaderField[] {
    return this.#table.entries();
  }

  /** The record of a name in one of the tables. */
  record(name: string): NameRecord | undefined {
    return this.#names.get(name) ?? this.#staticRecord(name);
  }

  /** Index of the field with the name of `record` and this value in one of the tables, or 0. */
  fieldIndex(record: NameRecord, value: string): number {
    return this.#index(record.value === value ? record.place : record.find(value));
  }

  /** Index of a field with the name of `record`. */
  nameIndex(record: NameRecord): number {
    return record.known === undefined ? this.#index(record.newest) : record.known.index;
  }

  /** Adds a field that the table does not have. One larger than the table empties it. */
  add(field: HeaderField): void {
    const size = fieldSize(field.name, field.value);
    while (!this.#table.fits(size)) {
      if (this.#table.count === 0) return;
      this.#evict();
    }
    const record = this.record(field.name) ?? this.#newRecord(field.name, undefined);
    record.added(field.value, this.#table.nextId + FIRST_PLACE);
    this.#table.add(field);
  }

  resize(maxSize: number): void {
    while (this.#table.size > maxSize) this.#evict();
    this.#table.resize(maxSize);
  }

  #index(place: number): number {
    return place <= STATIC_ENTRIES ? place : this.#table.nextId + FIRST_PLACE - place + STATIC_ENTRIES;
  }

  #staticRecord(name: string): NameRecord | undefined {
    const known = STATIC_NAMES.get(name);
    return known === undefined ? undefined : this.#newRecord(name, known);
  }

  #newRecord(name: string, known: StaticName | undefined): NameRecord {
    const record = new NameRecord(known);
    this.#names.set(name, record);
    return record;
  }

  /** A name that is in no table any more is forgotten: names may come from strangers, and without end. */
  #evict(): void {
    const place = this.#table.nextId - this.#table.count + FIRST_PLACE;
    const { name, value } = this.#table.evict();
    const record = this.#names.get(name) as NameRecord;
    record.evicted(value, place);
    if (record.count === 0 && record.known === undefined) this.#names.delete(name);
  }
}

const FIRST_PLACE = STATIC_ENTRIES + 1;
const NOWHERE = 0;
/** Equal to no value of a field, whose characters are octets. */
const NO_VALUE = "\uffff";

/** What the tables have under one name. */
export class NameRecord {
  /** What the static table has. */
  readonly known: StaticName | undefined;
  /** The value last found or added, and its place; or nowhere. */
  value: string;
  place: number;
  /** Place of the newest entry in the dynamic table. */
  newest: number;
  /** Entries in the dynamic table. */
  count: number;
  /** A value that was written without being added, in case it comes again. */
  passed: string;
  /** Places of all values in the dynamic table, as soon as `value` alone does not tell. */
  #values: Map<string, number> | undefined;

  constructor(known: StaticName | undefined) {
    this.known = known;
    this.value = NO_VALUE;
    this.place = NOWHERE;
    this.newest = NOWHERE;
    this.count = 0;
    this.passed = NO_VALUE;
    this.#values = undefined;
  }

  /** Place of a value that is not the last one. */
  find(value: string): number {
    const place = this.#values?.get(value) ?? this.known?.values.get(value);
    if (place === undefined) return NOWHERE;
    this.#remember(value, place);
    return place;
  }

  added(value: string, place: number): void {
    this.#remember(value, place);
    this.#values?.set(value, place);
    this.newest = place;
    this.count++;
  }

  evicted(value: string, place: number): void {
    this.count--;
    if (this.place === place) {
      this.value = NO_VALUE;
      this.place = NOWHERE;
    }
    if (this.count === 0) this.#values = undefined;
    else this.#values?.delete(value);
  }

  #remember(value: string, place: number): void {
    if (this.place > STATIC_ENTRIES && this.#values === undefined) {
      this.#values = new Map([[this.value, this.place]]);
    }
    this.value = value;
    this.place = place;
  }
}
