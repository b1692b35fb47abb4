/**
 * What can be wrong with a field block. Both are thrown out of `Decoder.decode()` and carry no stack: a peer
 * that sends rubbish must stay cheap. After either one the tables of the two sides no longer agree, so the
 * connection cannot go on.
 */

/** The block breaks a rule of RFC 7541: a connection error of type COMPRESSION_ERROR. */
export class HpackFault {
  /** What is wrong, in words. */
  readonly reason: string;
  /** The rule that was broken, such as "RFC 7541 section 5.1". */
  readonly section: string;

  constructor(reason: string, section: string) {
    this.reason = reason;
    this.section = section;
  }
}

/** The block is well formed as far as it was read, but far too large: a case for ENHANCE_YOUR_CALM. */
export class FieldListTooLarge {
  /** Which limit was exceeded, in words. */
  readonly reason: string;
  /** Where the size of a field section is defined. */
  readonly section: string;

  constructor(reason: string, section: string) {
    this.reason = reason;
    this.section = section;
  }
}
