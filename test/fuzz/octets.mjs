/**
 * Octets that a peer might send: noise, and conversations that begin well and then go where chance takes them.
 * The short run in test/connection/properties.test.ts and the long one in receive.mjs draw from here.
 */
import fc from "fast-check";

/** All that comes in, for an engine of this role. */
export function wire(role) {
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }).map((noise) => joined([start(role), noise])) },
    { weight: 8, arbitrary: conversation(role) },
  );
}

/** A valid start, and a request on stream 1 for a server; a client has sent one itself. */
export function greeting(role) {
  return joined([start(role), ...first(role)]);
}

/** A valid start and up to fourteen frames behind it: most of them in order, some not, a few damaged. */
export function conversation(role) {
  const step = fc.oneof(
    { weight: 6, arbitrary: orderly(role) },
    { weight: 1, arbitrary: frame(role).map((octets) => () => octets) },
    { weight: 1, arbitrary: damaged(frame(role)).map((octets) => () => octets) },
  );
  return fc
    .array(step, { maxLength: 14, size: "large" })
    .map((steps) => joined([greeting(role), ...steps.map((octets, index) => octets(index))]));
}

/** Options of the engine that change how it receives. */
export const options = fc.constantFrom(
  {},
  { escalateStreamErrors: true },
  { validateInboundHeaders: false, normalizeInboundHeaders: false },
  { headerEncoding: "utf-8" },
  { strictStart: false, sendDebugData: false },
  { observer: { frame() {} } },
  {
    initialSettings: { 1: 0, 3: 2, 4: 10, 6: 200 },
    limits: { closedStreams: 1, fields: 6, continuationFrames: 1 },
  },
);

/** Where a chunk ends and the next one begins, as parts of the whole from 0 to 1. */
export const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

/** The octets in chunks of their own memory, cut at these places. */
export function split(octets, places) {
  const positions = places
    .map((place) => Math.floor(place * octets.length))
    .sort((one, other) => one - other);
  const ends = [...positions, octets.length];
  return ends.map((end, index) => octets.slice(index === 0 ? 0 : ends[index - 1], end));
}

/** Preface and SETTINGS, or SETTINGS alone, and the acknowledgement of the engine's own. */
function start(role) {
  const greeting = [frameOf(4, 0, 0, []), frameOf(4, 1, 0, [])];
  return joined(role === "server" ? [octetsOf("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), ...greeting] : greeting);
}

/** A request on stream 1 for a server; a client has sent one itself. */
function first(role) {
  return role === "server" ? [frameOf(1, 0x4, 1, REQUEST)] : [];
}

/** Frames that fit in, as functions of their place: each place has a stream of its own, and may use stream 1. */
function orderly(role) {
  const block = fc.array(fc.constantFrom(...GOOD_FIELDS), { maxLength: 4 }).map((fields) => fields.flat());
  const earlier = fc.constantFrom(0, 1, 1, 1);
  const idAt = (index, back) => (role === "client" || back > 0 ? 1 : 3 + 2 * index);
  const opening = role === "server" ? REQUEST : RESPONSE;
  return fc.oneof(
    fc.tuple(flags(0x1), block).map(
      ([bits, fields]) =>
        (index) =>
          frameOf(1, bits | 0x4, idAt(index, 0), [...opening, ...fields]),
    ),
    fc.tuple(earlier, flags(0x1), short()).map(
      ([back, bits, content]) =>
        (index) =>
          frameOf(0, bits, idAt(index, back), content),
    ),
    fc.tuple(earlier, flags(0x1), block).map(
      ([back, bits, fields]) =>
        (index) =>
          frameOf(1, bits | 0x4, idAt(index, back), fields),
    ),
    earlier.map((back) => (index) => frameOf(8, 0, idAt(index, back), uint32(1_000))),
    earlier.map((back) => (index) => frameOf(3, 0, idAt(index, back), uint32(8))),
    block.map((fields) => (index) => cutBlock(idAt(index, 0), [...opening, ...fields])),
    block.map((fields) => (index) => promise(role, idAt(index, 0), 2 + 2 * index, [...REQUEST, ...fields])),
    fc.constant(() => frameOf(6, 0, 0, octetsOf("12345678"))),
    fc.tuple(fc.constantFrom(0, 1_000, 100_000)).map(
      ([window]) =>
        () =>
          frameOf(4, 0, 0, [0, 4, ...uint32(window)]),
    ),
  );
}

/** HEADERS and CONTINUATION. */
function cutBlock(streamId, block) {
  return joined([frameOf(1, 0, streamId, block.slice(0, 3)), frameOf(9, 0x4, streamId, block.slice(3))]);
}

/** PUSH_PROMISE to a client; a server gets a PING instead. */
function promise(role, streamId, promised, block) {
  if (role === "server") return frameOf(6, 0, 0, octetsOf("promises"));
  return frameOf(5, 0x4, streamId, [...uint32(promised), ...block]);
}

/** Frames as chance has them. */
function frame(role) {
  const streamId = fc.constantFrom(0, 1, 1, 1, 2, 3, 3, 4, 5, 7, 9, 0x7fffffff);
  const head = fc.oneof(
    { weight: 3, arbitrary: fc.constant(role === "server" ? REQUEST : RESPONSE) },
    {
      weight: 2,
      arbitrary: fc.array(fc.constantFrom(...FIELDS), { maxLength: 8 }).map((fields) => fields.flat()),
    },
  );
  const kinds = [
    fc
      .tuple(streamId, flags(0x1, 0x4, 0x4, 0x4), head)
      .map(([id, bits, block]) => frameOf(1, bits, id, block)),
    fc.tuple(streamId, flags(0x1, 0x8), short()).map(([id, bits, content]) => frameOf(0, bits, id, content)),
    streamId.map((id) => frameOf(0, 0, id, new Uint8Array(16_384))),
    fc.tuple(streamId, flags(0x4), head).map(([id, bits, block]) => frameOf(9, bits, id, block)),
    fc
      .tuple(streamId, fc.constantFrom(2, 4, 6, 3, 0), flags(0x4, 0x4, 0x4), head)
      .map(([id, promised, bits, block]) => frameOf(5, bits, id, [...uint32(promised), ...block])),
    fc.array(fc.tuple(fc.nat({ max: 10 }), number()), { maxLength: 3 }).map((entries) =>
      frameOf(
        4,
        0,
        0,
        entries.flatMap(([id, value]) => [0, id, ...uint32(value)]),
      ),
    ),
    fc.tuple(streamId, number()).map(([id, increment]) => frameOf(8, 0, id, uint32(increment))),
    fc.tuple(streamId, fc.nat({ max: 14 })).map(([id, code]) => frameOf(3, 0, id, uint32(code))),
    fc.tuple(streamId, streamId).map(([id, parent]) => frameOf(2, 0, id, [...uint32(parent), 15])),
    flags(0x1).map((bits) => frameOf(6, bits, 0, octetsOf("shutdown"))),
    fc
      .tuple(streamId, fc.nat({ max: 14 }))
      .map(([id, code]) => frameOf(7, 0, 0, [...uint32(id), ...uint32(code)])),
    streamId.map((id) => frameOf(0xa, 0, id, [0, 1, 0x61, 0x62])),
    fc.constant(frameOf(0xc, 0, 0, [0, 1, 0x61])),
    streamId.map((id) => frameOf(0x10, 0, 0, [...uint32(id), ...octetsOf("u=1, i")])),
    fc.constant(frameOf(4, 1, 0, [])),
    fc
      .tuple(fc.nat({ max: 255 }), fc.nat({ max: 255 }), streamId, fc.uint8Array({ maxLength: 30 }))
      .map(([type, bits, id, payload]) => frameOf(type, bits, id, payload)),
  ];
  return fc.oneof(...kinds);
}

/** The frames with another octet somewhere, or cut short. */
function damaged(frames) {
  const damage = fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.boolean());
  return fc.tuple(frames, damage).map(([octets, change]) => {
    const [place, value, isCut] = change;
    const position = place % octets.length;
    return isCut ? octets.slice(0, position) : octets.with(position, value);
  });
}

/** Each of these flags set or not. */
function flags(...bits) {
  return fc
    .array(fc.boolean(), { minLength: bits.length, maxLength: bits.length })
    .map((choices) => bits.reduce((all, bit, index) => (choices[index] ? all | bit : all), 0));
}

function short() {
  return fc.uint8Array({ maxLength: 12 });
}

function number() {
  return fc.constantFrom(
    0,
    1,
    2,
    100,
    16_384,
    65_535,
    65_536,
    0x7fff0000,
    0x7fffffff,
    0x80000000,
    0xffffffff,
  );
}

const REQUEST = [0x82, 0x87, 0x84, 0x41, 1, 0x61];
const RESPONSE = [0x88];

/** Fields that may stand in any head. */
const GOOD_FIELDS = [
  [0x40, 1, 0x61, 1, 0x62],
  [0x40, 1, 0x63, 1, 0x64],
  [0x10, 1, 0x61, 1, 0x62],
  [0x60, 3, 0x61, 0x3d, 0x62],
  [0x0f, 0x0d, 1, 0x35],
  [0xbe],
];

/** Fields of field blocks, most of them well formed for HPACK, not all of them for HTTP. */
const FIELDS = [
  [0x82],
  [0x83],
  [0x84],
  [0x87],
  [0x88],
  [0x89],
  [0xbe],
  [0xbf],
  [0x41, 1, 0x61],
  [0x40, 1, 0x61, 1, 0x62],
  [0x40, 1, 0x63, 1, 0x64],
  [0x10, 1, 0x61, 1, 0x62],
  [0x0f, 0x0d, 1, 0x35],
  [0x60, 3, 0x61, 0x3d, 0x62],
  [0x48, 3, 0x31, 0x30, 0x33],
  [0x42, 7, ...Buffer.from("CONNECT")],
  [0x00, 9, ...Buffer.from(":protocol"), 1, 0x78],
  [0x00, 8, ...Buffer.from("priority"), 3, ...Buffer.from("u=0")],
  [0x00, 1, 0x41, 1, 0x62],
  [0x00, 1, 0x61, 1, 0x0a],
  [0x00, 0x81, 0x1f, 0x81, 0x1f],
  [0x20],
  [0x3f, 0xe1, 0x1f],
  [0x80],
  [0xff],
];

function frameOf(type, bits, streamId, payload) {
  const length = payload.length;
  const header = [length >>> 16, (length >>> 8) & 0xff, length & 0xff, type, bits, ...uint32(streamId)];
  return joined([Uint8Array.from(header), Uint8Array.from(payload)]);
}

function uint32(value) {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function octetsOf(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
