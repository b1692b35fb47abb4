import { BlockWriter } from "./field-blocks.mjs";
import { ASIDES, BAD_FIELDS, FIELDS, PATHS, SETTINGS } from "./talk-words.mjs";
import { ACK, END_HEADERS, END_STREAM, frame, PADDED, PRIORITY, TYPE, text, uint32 } from "./wire-frames.mjs";

/**
 * What a peer says in a conversation that is legal as long as nobody meddles with its frames: it keeps its own
 * account of the streams. Each method returns the frames of one thing that was said.
 */
export class Talk {
  /** Streams that the peer may still send on, and those that there were. */
  open;
  known;
  #random;
  #isServer;
  #blocks;
  #next;
  #nextPromise;

  /** `role` is the engine's; this is the other side. */
  constructor(role, random) {
    this.#random = random;
    this.#isServer = role === "client";
    this.#blocks = new BlockWriter(random);
    this.#next = 1;
    this.#nextPromise = 2;
    this.open = [];
    this.known = [];
  }

  /** Streams that the engine, a client, opened itself; the answers to them come from here. */
  opened(streamId) {
    this.open.push({ streamId, isAnswered: false });
    this.known.push(streamId);
  }

  settings() {
    const entries = Array.from({ length: this.#random.below(4) }, () => this.#random.pick(SETTINGS));
    const legal = entries.filter(([id]) => !(this.#isServer && id === 2));
    return [
      frame(
        TYPE.SETTINGS,
        0,
        0,
        legal.flatMap(([id, value]) => [id >>> 8, id & 0xff, ...uint32(value)]),
      ),
    ];
  }

  settingsAck() {
    return [frame(TYPE.SETTINGS, ACK, 0)];
  }

  /** Something that may be said now. */
  say() {
    return this.#random.pick(this.#isServer ? SERVER_SAYS : CLIENT_SAYS)(this, this.#random);
  }

  request() {
    const { method, fields } = requestFields(this.#random);
    const isEnd = method !== "CONNECT" && this.#random.once(2);
    const streamId = this.#next;
    this.#next += this.#random.once(10) ? 4 : 2;
    this.known.push(streamId);
    if (!isEnd) this.open.push({ streamId, isAnswered: true });
    return this.#head(TYPE.HEADERS, isEnd ? END_STREAM : 0, streamId, fields);
  }

  response() {
    const stream = this.#random.pick(this.open);
    if (stream === undefined) return this.ping();
    if (stream.isAnswered) return this.#random.once(2) ? this.data() : this.trailers();
    if (this.#random.once(4))
      return this.#head(TYPE.HEADERS, 0, stream.streamId, [[":status", this.#random.pick(["100", "103"])]]);
    stream.isAnswered = true;
    const isEnd = this.#random.once(3);
    if (isEnd) this.#close(stream);
    const status = [":status", this.#random.pick(["200", "204", "304", "404", "302"])];
    return this.#head(TYPE.HEADERS, isEnd ? END_STREAM : 0, stream.streamId, [
      status,
      ...someFields(this.#random),
    ]);
  }

  data() {
    const stream = this.#random.pick(this.open);
    if (stream === undefined || !stream.isAnswered) return this.ping();
    const isEnd = this.#random.once(4);
    if (isEnd) this.#close(stream);
    const content = new Uint8Array(
      this.#random.pick([0, 1, 5, 5, 50, 100, 300, 1_000, this.#random.once(4) ? 16_384 : 20]),
    ).fill(0x64);
    return [padded(frame(TYPE.DATA, isEnd ? END_STREAM : 0, stream.streamId, content), this.#random)];
  }

  trailers() {
    const stream = this.#random.pick(this.open);
    if (stream === undefined || !stream.isAnswered) return this.ping();
    this.#close(stream);
    return this.#head(TYPE.HEADERS, END_STREAM, stream.streamId, someFields(this.#random));
  }

  promise() {
    const stream = this.#random.pick(this.open);
    if (stream === undefined) return this.ping();
    const promised = this.#nextPromise;
    this.#nextPromise += 2;
    this.opened(promised);
    return this.#head(
      TYPE.PUSH_PROMISE,
      0,
      stream.streamId,
      requestFields(this.#random).fields,
      uint32(promised),
    );
  }

  reset() {
    const stream = this.#random.pick(this.open);
    if (stream === undefined) return this.ping();
    this.#close(stream);
    return [frame(TYPE.RST_STREAM, 0, stream.streamId, uint32(this.#random.below(14)))];
  }

  windowUpdate() {
    const streamId = this.#random.pick([0, ...this.known.slice(-3)]);
    return [frame(TYPE.WINDOW_UPDATE, 0, streamId, uint32(this.#random.pick([1, 10, 1_000, 65_535])))];
  }

  ping() {
    const data = this.#random.pick(["12345678", "shutdown"]);
    return [frame(TYPE.PING, this.#random.once(3) ? ACK : 0, 0, text(data))];
  }

  goaway() {
    const last = this.#random.pick([0, 1, 3, 0x7fffffff]);
    return [
      frame(TYPE.GOAWAY, 0, 0, [
        ...uint32(last),
        ...uint32(this.#random.pick([0, 0, 2, 11])),
        ...text("why"),
      ]),
    ];
  }

  /** Frames that are hints, and those that nobody knows. */
  aside() {
    const streamId = this.#random.pick([...this.known.slice(-3), this.#next]);
    return [this.#random.pick(ASIDES)(streamId, this.#random)];
  }

  /** A block that HPACK or HTTP does not have, and what is too much of it. */
  badHead() {
    const fields = this.#isServer ? [[":status", "200"]] : requestFields(this.#random).fields;
    const streamId = this.#isServer ? (this.open[0]?.streamId ?? 1) : this.#next;
    if (!this.#isServer) this.#next += 2;
    if (this.#random.once(2)) {
      const spoilt = [...fields, this.#random.pick(BAD_FIELDS)];
      if (this.#random.once(3)) spoilt.unshift(spoilt.pop());
      return this.#head(TYPE.HEADERS, END_STREAM, streamId, spoilt);
    }
    return this.#cut(frame(TYPE.HEADERS, 0, streamId, this.#blocks.garbage(fields)));
  }

  /** CONTINUATION without end, or nearly so. */
  longHead() {
    const streamId = this.#isServer ? 1 : this.#next;
    if (!this.#isServer) this.#next += 2;
    const count = this.#random.pick([3, 7, 8, 9, 20, 200]);
    const length = count > 9 ? this.#random.pick([0, 1, 10]) : this.#random.pick([0, 1, 1, 10, 16_384]);
    const piece = new Uint8Array(length).fill(this.#random.pick([0x84, 0, 0xbe, 0x62]));
    const pieces = Array.from({ length: count }, () => frame(TYPE.CONTINUATION, 0, streamId, piece));
    pieces.at(-1).flags = END_HEADERS;
    return [frame(TYPE.HEADERS, 0, streamId, piece), ...pieces];
  }

  /** Many fields, or long ones, about the limits. */
  largeHead() {
    const base = this.#isServer ? [[":status", "200"]] : requestFields(this.#random).fields;
    const count = this.#random.pick([3, 100, 380, 400, 1_010]);
    const value = "v".repeat(this.#random.pick(count > 100 ? [0, 0, 10, 170] : [0, 100, 400, 700]));
    const more = Array.from({ length: count }, (_, index) => [`x-${index % 7}`, value]);
    if (this.#isServer) return this.#head(TYPE.HEADERS, 0, this.open[0]?.streamId ?? 1, [...base, ...more]);
    const streamId = this.#next;
    this.#next += 2;
    return this.#head(TYPE.HEADERS, END_STREAM, streamId, [...base, ...more]);
  }

  #close(stream) {
    this.open.splice(this.open.indexOf(stream), 1);
  }

  /** Prefix octets, then the block, with padding, priority and cuts as chance has them. */
  #head(type, flags, streamId, fields, prefix = []) {
    const block = this.#blocks.block(fields);
    const hasPriority = type === TYPE.HEADERS && this.#random.once(8);
    const before = hasPriority ? [...uint32(this.#random.pick([0, 1, 0x80000003])), 15] : prefix;
    const whole = frame(type, hasPriority ? flags | PRIORITY : flags, streamId, [...before, ...block]);
    return this.#cut(whole, before.length);
  }

  #cut(head, least = 0) {
    const room = 16_384 - 300;
    if (head.payload.length <= room && !this.#random.once(5)) {
      head.flags |= END_HEADERS;
      return [padded(head, this.#random)];
    }
    const { streamId, payload } = head;
    const pieces = [];
    let position = Math.min(room, least + this.#random.below(Math.max(1, payload.length - least)));
    head.payload = payload.slice(0, position);
    while (position < payload.length) {
      const length = Math.max(Math.ceil(payload.length / 6), this.#random.between(1, room));
      pieces.push(
        frame(TYPE.CONTINUATION, 0, streamId, payload.slice(position, position + Math.min(room, length))),
      );
      position += Math.min(room, length);
    }
    (pieces.at(-1) ?? head).flags |= END_HEADERS;
    return [padded(head, this.#random), ...pieces];
  }
}

function padded(unpadded, random) {
  if (!random.once(6) || unpadded.payload.length > 16_000) return unpadded;
  const length = random.pick([0, 1, 7, 255]);
  const payload = [length, ...unpadded.payload, ...new Uint8Array(length)];
  return { ...unpadded, flags: unpadded.flags | PADDED, payload: Uint8Array.from(payload) };
}

function requestFields(random) {
  const method = random.pick(["GET", "GET", "POST", "POST", "HEAD", "CONNECT", "OPTIONS", "EXTENDED"]);
  const authority = [":authority", random.pick(["a", "www.example.com", "[::1]:8080"])];
  const rest = [[":scheme", random.pick(["http", "https"])], authority, [":path", random.pick(PATHS)]];
  const fields = someFields(random);
  if (method === "CONNECT") return { method, fields: [[":method", method], authority, ...fields] };
  if (method === "EXTENDED") {
    const protocol = [
      [":method", "CONNECT"],
      [":protocol", "websocket"],
    ];
    return { method: "CONNECT", fields: [...protocol, ...rest, ...fields] };
  }
  if (method === "OPTIONS") rest[2] = [":path", "*"];
  return { method, fields: [[":method", method], ...rest, ...fields] };
}

function someFields(random) {
  return Array.from({ length: random.below(5) }, () => random.pick(FIELDS));
}

const BOTH_SAY = [
  (talk) => talk.data(),
  (talk) => talk.data(),
  (talk) => talk.trailers(),
  (talk) => talk.reset(),
  (talk) => talk.windowUpdate(),
  (talk) => talk.windowUpdate(),
  (talk) => talk.settings(),
  (talk) => talk.settingsAck(),
  (talk) => talk.ping(),
  (talk) => talk.aside(),
  (talk) => talk.aside(),
  (talk, random) => (random.once(4) ? talk.goaway() : talk.data()),
  (talk, random) => (random.once(3) ? talk.badHead() : talk.ping()),
  (talk, random) => (random.once(20) ? talk.longHead() : talk.data()),
  (talk, random) => (random.once(20) ? talk.largeHead() : talk.data()),
];
const CLIENT_SAYS = [...BOTH_SAY, ...Array.from({ length: 6 }, () => (talk) => talk.request())];
const SERVER_SAYS = [
  ...BOTH_SAY,
  ...Array.from({ length: 6 }, () => (talk) => talk.response()),
  (talk) => talk.promise(),
];
