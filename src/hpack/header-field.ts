/**
 * One field line: a name, a value, and whether it must stay out of every compression table.
 *
 * Name and value are byte strings: each character stands for one octet (U+0000 to U+00FF), as in fetch.
 * Fields that live in an HPACK table are shared: every field section that refers to the table entry carries
 * the same object. Treat a field as frozen.
 */
export class HeaderField implements Iterable<string> {
  readonly name: string;
  readonly value: string;
  /** Sent and received as a never-indexed literal (RFC 7541 section 6.2.3). */
  readonly sensitive: boolean;
  /**
   * A number that the layer above keeps here: what it found out about this name and value when it first saw
   * them. 0 means nothing yet. As table entries are shared, a field is looked at once, not once a message.
   * HPACK itself never reads it.
   */
  verdict: number;

  constructor(name: string, value: string, sensitive: boolean = false) {
    this.name = name;
    this.value = value;
    this.sensitive = sensitive;
    this.verdict = 0;
  }

  /** Lets `const [name, value] = field` read a field like a pair. */
  *[Symbol.iterator](): IterableIterator<string> {
    yield this.name;
    yield this.value;
  }

  /** Without the verdict, which is nobody's business outside the engine. */
  toJSON(): { name: string; value: string; sensitive: boolean } {
    return { name: this.name, value: this.value, sensitive: this.sensitive };
  }
}

/** What a field costs in a table and in a list: its octets and 32 (RFC 7541 section 4.1). */
export function fieldSize(name: string, value: string): number {
  return name.length + value.length + 32;
}
