import { connectionError } from "./demands.ts";
import type { ServerCase } from "./server-case.ts";

/** A literal that stays out of the table, with the name `a`. */
const LITERAL_A = [0x00, 0x01, 0x61];
/** `www.example.com` in Huffman code: 89 bits, so that the last octet has seven bits of padding. */
const CODED = [0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4];

/** RFC 7541: field blocks that are no good. The octets stand behind those of a request. */
export const COMPRESSION: readonly ServerCase[] = [
  broken("refuses an index beyond both tables (RFC 7541 section 2.3.3)", [], [0xc6]),
  broken(
    "refuses an index beyond both tables for a name (RFC 7541 section 2.3.3)",
    [],
    [0x7f, 0x07, 0x01, 0x61],
  ),
  broken("refuses a change of the table's size behind a field (RFC 7541 section 4.2)", [], [0x20]),
  broken(
    "refuses more than 7 bits of padding (RFC 7541 section 5.2)",
    [],
    [...LITERAL_A, 0x80 | 13, ...CODED, 0xff, 0xff],
  ),
  broken("refuses padding of zeros (RFC 7541 section 5.2)", [], [...LITERAL_A, 0x80 | 12, ...CODED, 0x80]),
  broken(
    "refuses the end of string in a string (RFC 7541 section 5.2)",
    [],
    [...LITERAL_A, 0x80 | 16, ...CODED, 0xff, 0xff, 0xff, 0xff, 0xff],
  ),
  broken("refuses index 0 (RFC 7541 section 6.1)", [], [0x80]),
  broken(
    "refuses a table larger than SETTINGS_HEADER_TABLE_SIZE (RFC 7541 section 6.3)",
    [0x3f, 0xe2, 0x1f],
    [],
  ),
  broken(
    "refuses an integer without an end (RFC 7541 section 5.1)",
    [],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  ),
  broken(
    "refuses a string that goes beyond its block (RFC 7541 section 5.2)",
    [],
    [...LITERAL_A, 0x05, 0x61],
  ),
];

function broken(rule: string, before: readonly number[], after: readonly number[]): ServerCase {
  return {
    rule,
    talk: (client) => [client.block(1, before, after), connectionError("COMPRESSION_ERROR")],
  };
}
