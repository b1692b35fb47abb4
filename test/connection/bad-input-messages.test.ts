import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection, ProtocolError } from "../../src/index.ts";
import { client, OK, POST, receive, server } from "../support/engine.ts";
import { type FieldBlockBuilder, frames, type Wire } from "../support/frames.ts";
import { expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** Messages as a whole, in both directions, one case a rule: content and its length, trailers, sizes, compression. */

const { PROTOCOL_ERROR, COMPRESSION_ERROR, ENHANCE_YOUR_CALM } = ErrorCodes;

/** Who receives the message, and how its head begins. */
const RECEIVERS: readonly (readonly [what: string, () => H2Connection, () => FieldBlockBuilder])[] = [
  ["request", () => server(), () => frames.headers(1).request("POST", "/")],
  ["response", () => asking(), () => frames.headers(1).response(200)],
];

function asking(): H2Connection {
  const engine = client();
  engine.sendHeaders(1, POST, { endStream: true });
  sent(engine);
  return engine;
}

const trailers = (name = "x-checksum", value = "1"): FieldBlockBuilder =>
  frames.headers(1).field(name, value).endStream();

/** What comes behind a head with `content-length: 5`, or with the length that is named. */
const WRONG_LENGTHS: readonly (readonly [what: string, length: string, body: readonly Wire[]])[] = [
  ["less", "5", [frames.data(1, "1234").endStream()]],
  ["less, in pieces", "5", [frames.data(1, "12"), frames.data(1, "34").endStream()]],
  ["less, and padding to make up for it", "5", [frames.data(1, "123").padded(1).endStream()]],
  ["less, then trailers", "5", [frames.data(1, "123"), trailers()]],
  ["none, then trailers", "5", [trailers()]],
  ["none, but DATA that ends the stream", "5", [frames.data(1).endStream()]],
  ["more", "5", [frames.data(1, "123456").endStream()]],
  ["more, before the stream ends", "5", [frames.data(1, "12345"), frames.data(1, "6")]],
  ["any at all where 0 was announced", "0", [frames.data(1, "1")]],
];

const RIGHT_LENGTHS: readonly (readonly [what: string, length: string, body: readonly Wire[]])[] = [
  ["as much", "5", [frames.data(1, "12345").endStream()]],
  ["as much, in pieces", "5", [frames.data(1, "12"), frames.data(1), frames.data(1, "345").endStream()]],
  ["as much, padding aside", "5", [frames.data(1, "12345").padded(9).endStream()]],
  ["as much, then the end", "5", [frames.data(1, "12345"), frames.data(1).endStream()]],
  ["as much, then trailers", "5", [frames.data(1, "12345"), trailers()]],
  ["none where 0 was announced", "0", [frames.data(1).endStream()]],
  ["trailers alone where 0 was announced", "0", [trailers()]],
];

describe.each(RECEIVERS)("a %s and its content-length (RFC 9113 section 8.1.1)", (_what, engineOf, head) => {
  it.each(WRONG_LENGTHS)("is malformed where the content is %s", (_how, length, body) => {
    const engine = engineOf();
    const events = receive(engine, head().field("content-length", length), ...body);
    expect(told(events)).not.toContain("StreamEnded stream=1");
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1.1");
  });

  it.each(RIGHT_LENGTHS)("is whole where the content is %s", (_how, length, body) => {
    const events = receive(engineOf(), head().field("content-length", length), ...body);
    expect(told(events).at(-1)).toBe("StreamEnded stream=1");
  });

  it("is malformed where its head ends the stream and content was announced", () => {
    const engine = engineOf();
    const events = receive(engine, head().field("content-length", "5").endStream());
    expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1.1");
  });

  it("is whole where its head ends the stream and 0 or nothing was announced", () => {
    for (const frame of [head().endStream(), head().field("content-length", "0").endStream()]) {
      expect(told(receive(engineOf(), frame)).at(-1)).toBe("StreamEnded stream=1");
    }
  });
});

/** Fields that trailers must not have: the rule, its section, and names with values. */
const BAD_TRAILERS: readonly (readonly [
  rule: string,
  section: string,
  fields: readonly (readonly [string, string])[],
])[] = [
  [
    "a pseudo-header field",
    "RFC 9113 section 8.1",
    [
      [":status", "200"],
      [":path", "/"],
      [":method", "GET"],
      [":x", "y"],
    ],
  ],
  [
    "a name in upper case",
    "RFC 9113 section 8.2.1",
    [
      ["X-Checksum", "1"],
      ["x-checkSum", "1"],
    ],
  ],
  [
    "a field of a connection of HTTP/1.1",
    "RFC 9113 section 8.2.2",
    [
      ["connection", "close"],
      ["keep-alive", "1"],
      ["proxy-connection", "close"],
      ["transfer-encoding", "chunked"],
      ["upgrade", "h2c"],
      ["te", "gzip"],
    ],
  ],
  [
    "a line break in a value",
    "RFC 9113 section 8.2.1",
    [
      ["x", "a\r\nb"],
      ["x", "a\0"],
    ],
  ],
  [
    "what frames, routes or modifies its message",
    "RFC 9110 section 6.5.1",
    [
      ["content-length", "0"],
      ["host", "example.com"],
      ["te", "trailers"],
      ["authorization", "Basic eA=="],
      ["content-encoding", "gzip"],
      ["content-range", "bytes 0-0/1"],
      ["expect", "100-continue"],
      ["max-forwards", "1"],
      ["range", "bytes=0-0"],
      ["cookie", "a=b"],
    ],
  ],
];

describe.each(RECEIVERS)("trailers of a %s (RFC 9113 section 8.1)", (_what, engineOf, head) => {
  it.each(BAD_TRAILERS)("make it malformed with %s (%s)", (_rule, section, fields) => {
    for (const [name, value] of fields) {
      const engine = engineOf();
      const events = receive(engine, head(), frames.data(1, "x"), trailers(name, value));
      expect(events.some(({ type }) => type === "TrailersReceived")).toBe(false);
      expectStreamError(engine, events, 1, PROTOCOL_ERROR, section);
    }
  });

  it("make it malformed where they do not end the stream", () => {
    const engine = engineOf();
    const events = receive(engine, head(), frames.data(1, "x"), frames.headers(1).field("x", "y"));
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1");
  });

  it("are told apart from the head, and may have any other field", () => {
    const end = frames.headers(1).field("grpc-status", "0").field("set-cookie", "a=b").endStream();
    expect(told(receive(engineOf(), head(), end)).slice(1)).toEqual([
      "TrailersReceived stream=1 grpc-status=0 set-cookie=a=b",
      "StreamEnded stream=1",
    ]);
  });
});

describe("trailers of our own, of which nothing is put into form (RFC 9113 section 8.1)", () => {
  it.each(BAD_TRAILERS)("cannot go out with %s (%s)", (_rule, section, fields) => {
    for (const field of fields) {
      const engine = client({ normalizeOutboundHeaders: false });
      engine.sendHeaders(1, POST);
      const error = expectMisuse(
        engine,
        () => engine.sendHeaders(1, [field], { endStream: true }),
        ProtocolError,
      );
      expect(error.message).toContain(`(${section})`);
    }
  });
});

/** The one octet each that a field of this name and value leaves of a size, name and value and 32 more taken off. */
function filling(head: FieldBlockBuilder, octets: number): FieldBlockBuilder {
  let left = octets;
  for (; left > 4_000; left -= 4_000) head.field("x", "v".repeat(4_000 - 33));
  return head.field("x", "v".repeat(left - 33));
}

/** Octets of the four pseudo-header fields in the sense of RFC 9113 section 6.5.2. */
const REQUEST_SIZE = [
  ":method",
  "POST",
  ":scheme",
  "https",
  ":authority",
  "example.com",
  ":path",
  "/",
].reduce((size, part) => size + part.length, 4 * 32);
const LIMIT = 65_536;

/** A block of any size, cut into frames. */
function cut(block: FieldBlockBuilder): Wire[] {
  const octets = block.endStream().octets.subarray(9);
  const wires: Wire[] = [];
  for (let start = 0; start < octets.length; start += 16_384) {
    const piece = octets.subarray(start, start + 16_384);
    const isLast = start + 16_384 >= octets.length;
    wires.push(frames.raw(start === 0 ? 0x1 : 0x9, (start === 0 ? 0x1 : 0) | (isLast ? 0x4 : 0), 1, piece));
  }
  return wires;
}

describe("the size of a field section (RFC 9113 section 10.5.1)", () => {
  const post = (): FieldBlockBuilder => frames.headers(1).request("POST", "/");

  it("may be what we announced, each field with 32 octets on top", () => {
    const engine = server();
    const events = receive(engine, ...cut(filling(post(), LIMIT - REQUEST_SIZE)));
    expect(told(events).map((line) => line.slice(0, 24))).toEqual([
      "RequestReceived stream=1",
      "StreamEnded stream=1",
    ]);
  });

  it("costs the stream from the next octet on", () => {
    const engine = server();
    const events = receive(engine, ...cut(filling(post(), LIMIT - REQUEST_SIZE + 1)));
    expect(told(events)).toEqual(["StreamReset stream=1 ENHANCE_YOUR_CALM local"]);
    expectStreamError(engine, events, 1, ENHANCE_YOUR_CALM, "RFC 9113 section 10.5.1");
  });

  it("costs the connection beyond twice of what we announced", () => {
    // A field of 3,000 octets goes into the table, and each octet behind it names it once more.
    const large = [0x40, 1, 0x78, 0x7f, 0xb9, 0x16, ...new Uint8Array(3_000).fill(0x76)];
    const bomb = Uint8Array.from([...large, ...new Uint8Array(60).fill(0xbe)]);
    const engine = server();
    expectConnectionError(
      engine,
      receive(engine, frames.headers(1).block(bomb).endStream()),
      ENHANCE_YOUR_CALM,
    );
  });

  it.each([
    ["384 fields are taken, cookie crumbs among them", 384 - 4, "RequestReceived"],
    ["one more costs the stream", 384 - 3, "StreamReset"],
    ["more than 1,000 cost the connection", 1_000 - 3, "ConnectionTerminated"],
  ])("is counted in fields too: %s", (_what, count, outcome) => {
    const head = post();
    for (let index = 0; index < count; index++) head.field(index % 2 === 0 ? "cookie" : "x", "");
    expect(receive(server(), head.endStream())[0]?.type).toBe(outcome);
  });

  it("holds for responses and for trailers", () => {
    const engine = asking();
    const large = filling(frames.headers(1).response(200), LIMIT);
    expectStreamError(engine, receive(engine, ...cut(large)), 1, ENHANCE_YOUR_CALM);
    const atServer = server();
    const late = receive(atServer, post(), ...cut(filling(frames.headers(1), LIMIT + 1)));
    expectStreamError(atServer, late, 1, ENHANCE_YOUR_CALM);
  });

  it("is no reason to refuse our own message: the peer's limit is advice (section 6.5.2)", () => {
    const engine = server({}, [[6, 1]]);
    receive(engine, frames.headers(1).request("GET", "/").endStream());
    engine.sendHeaders(1, OK, { endStream: true });
    expect(sent(engine)).toEqual(["HEADERS stream=1 END_STREAM END_HEADERS :status=200"]);
  });
});

/** Field blocks that cannot be decoded: what, the section of RFC 7541, and the octets. */
const UNDECODABLE: readonly (readonly [what: string, section: string, octets: readonly number[]])[] = [
  ["index 0", "6.1", [0x80]],
  ["an index beyond both tables", "2.3.3", [0xbe]],
  ["the name of an index beyond both tables", "2.3.3", [0x7e, 0x01, 0x61]],
  ["a table beyond what we announced", "6.3", [0x3f, 0xe2, 0x1f]],
  ["a change of the table's size behind a field", "4.2", [0x88, 0x20]],
  ["the end-of-string symbol in a Huffman code", "5.2", [0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00]],
  ["Huffman padding of eight bits", "5.2", [0x00, 0x82, 0x1f, 0xff, 0x00]],
  ["Huffman padding that is not all ones", "5.2", [0x00, 0x81, 0x18, 0x00]],
  ["an integer without bound", "5.1", [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ["an integer that does not end", "5.1", [0x7f, 0xff]],
  ["a string longer than its block", "5.2", [0x00, 0x05, 0x61]],
  ["a name and no value", "6.2.2", [0x00, 0x01, 0x61]],
];

describe.each(RECEIVERS)("the field block of a %s (RFC 9113 section 4.3)", (_what, engineOf, _head) => {
  it.each(UNDECODABLE)("costs the connection with %s (RFC 7541 section %s)", (_fault, _section, octets) => {
    const engine = engineOf();
    const events = receive(engine, frames.headers(1).block(Uint8Array.from(octets)).endStream());
    const error = expectConnectionError(engine, events, COMPRESSION_ERROR);
    expect(error.section).toMatch(/^RFC 7541 section /);
  });
});
