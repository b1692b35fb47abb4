import type { Section } from "./rule.ts";

/** RFC 7541: field compression. */
export const HPACK_RULES: readonly Section[] = [
  {
    number: "2.1",
    title: "Order",
    rules: [
      {
        level: "MUST",
        rule: "Fields are written in their order.",
        tests: [
          "hpack/properties > gives back any lists over any changes of the table, with equal tables behind each block",
          "hpack/rfc7541-vectors > %s is encoded to the same octets, with the same table behind each block",
        ],
      },
      {
        level: "MUST",
        rule: "Fields are told in the order of the block.",
        tests: [
          "connection/received-heads > a request that a server receives (RFC 9113 section 8.3.1) > is told with its fields in order",
          "hpack/rfc7541-vectors > %s is decoded, with the same table behind each block",
        ],
      },
    ],
  },
  {
    number: "2.3.2",
    title: "The dynamic table",
    rules: [
      {
        level: "MUST NOT",
        rule: "The same entry twice is no error.",
        tests: ["hpack/dynamic-table > keeps duplicates (section 2.3.2)"],
      },
    ],
  },
  {
    number: "2.3.3",
    title: "Indexes",
    rules: [
      {
        level: "MUST",
        rule: "An index beyond both tables is a decoding error.",
        tests: [
          "hpack/decoder > refuses an index beyond both tables: %s",
          "hpack/decoder > refuses the index of an evicted entry",
          "connection/received-heads > and refers beyond the tables, costs the connection",
        ],
      },
    ],
  },
  {
    number: "3.2",
    title: "Decoding",
    rules: [
      {
        level: "MUST",
        rule: "Indexed fields and literals of each kind change the list and the table as they should.",
        tests: [
          "hpack/decoder > reads an indexed field from either table (section 6.1)",
          "hpack/decoder > adds a literal with incremental indexing (section 6.2.1)",
          "hpack/decoder > leaves the table alone for a literal without indexing (section 6.2.2)",
          "hpack/stories > $story is decoded as $encoder wrote it",
        ],
      },
    ],
  },
  {
    number: "4.2",
    title: "The size of the table",
    rules: [
      {
        level: "MUST",
        rule: "Our encoder's table is no larger than the peer allows.",
        tests: [
          "hpack/encoder > stay within our own cap, whatever the peer allows",
          "hpack/encoder > follow the peer beyond 4,096 where the cap allows it",
          "connection/settings > HEADER_TABLE_SIZE does not make our table larger than our own limit",
        ],
      },
      {
        level: "MUST",
        rule: "A change of size is told at the beginning of the next block, and may stand nowhere else.",
        tests: [
          "hpack/encoder > are written once, before the next block's fields",
          "hpack/decoder > may not stand behind a field: %s",
          "connection/received-heads > and has a size update behind a field, costs the connection",
        ],
      },
      {
        level: "MUST",
        rule: "Between two blocks the smallest size is told, and the last one behind it.",
        tests: [
          "hpack/encoder > tell the smallest size and the last one",
          "hpack/decoder > must tell the smallest size in between, too (section 4.2)",
          "connection/settings-order > have the smallest table size signalled, and the last one behind it (RFC 7541 section 4.2)",
        ],
      },
    ],
  },
  {
    number: "5.1",
    title: "Integers",
    rules: [
      {
        level: "MUST",
        rule: "An integer that is too large, or too long, is a decoding error.",
        tests: [
          "hpack/integer > refuses a seventh octet: %s",
          "hpack/integer > refuses a value above 2^28, however many bits it has: %s",
        ],
        choice: "Values up to 2^28 in at most six octets: more than any frame can use, and exact in 32 bits.",
      },
    ],
  },
  {
    number: "5.2",
    title: "Strings",
    rules: [
      {
        level: "MUST",
        rule: "Padding of more than 7 bits is a decoding error.",
        tests: ["hpack/huffman-decode > refuses padding longer than 7 bits: %s"],
      },
      {
        level: "MUST",
        rule: "Padding that is not the beginning of EOS is a decoding error.",
        tests: ["hpack/huffman-decode > refuses padding that is not the beginning of EOS: %s"],
      },
      {
        level: "MUST",
        rule: "EOS within a string is a decoding error.",
        tests: [
          "hpack/huffman-decode > refuses EOS in a string: %s",
          "connection/received-heads > and has a broken Huffman code, costs the connection",
        ],
      },
    ],
  },
  {
    number: "6.1",
    title: "Indexed fields",
    rules: [
      {
        level: "MUST",
        rule: "Index 0 is a decoding error.",
        tests: [
          "hpack/decoder > refuses index 0 (section 6.1)",
          "connection/received-heads > and refers to field 0, costs the connection",
        ],
      },
    ],
  },
  {
    number: "6.2.3",
    title: "Never indexed",
    rules: [
      {
        level: "MUST",
        rule: "A field that came never indexed goes on in the same way.",
        tests: [
          "hpack/decoder > marks a never-indexed literal as sensitive, and nothing else (section 6.2.3)",
          "connection/received-heads > keeps what must never be indexed apart (RFC 7541 section 6.2.3)",
          "fields/normalize > keeps a field sensitive that came so",
          "hpack/encoder > writes sensitive fields never indexed (section 6.2.3)",
        ],
      },
    ],
  },
  {
    number: "6.3",
    title: "Size updates",
    rules: [
      {
        level: "MUST",
        rule: "A size beyond what was announced and acknowledged is a decoding error.",
        tests: [
          "hpack/decoder > may not go beyond what we announced (section 6.3)",
          "connection/received-heads > and wants a larger table than we allow, costs the connection",
          "connection/settings > let a peer that has not acknowledged a smaller table still use the old one (RFC 7541 section 4.2)",
        ],
      },
    ],
  },
  {
    number: "7.1.3",
    title: "Secrets",
    rules: [
      {
        level: "MUST NOT",
        rule: "A value that must never be indexed is not put into a table later.",
        tests: [
          "hpack/encoder > takes the name of a sensitive field from a table, but never the value (section 7.1.3)",
          "fields/normalize > keeps a field sensitive that came so",
        ],
      },
    ],
  },
];
