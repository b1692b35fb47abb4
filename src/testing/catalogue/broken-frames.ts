import { frames } from "../frames.ts";
import { answered, failed, type Misbehaviour, maybeProcessed } from "../misbehaviour.ts";
import { ascii } from "../octets.ts";
import { answering, body, head, POST } from "./common.ts";

const WRONG = maybeProcessed("PROTOCOL_ERROR");

/** A server that answers with frames which end the connection. */
function broken(
  id: string,
  does: string,
  section: string,
  act: Parameters<typeof answering>[0],
): Misbehaviour {
  return { id, does, section, asks: [POST], script: answering(act), outcome: WRONG, mostRequests: 1 };
}

/** A server that is odd, but breaks no rule. */
function odd(id: string, does: string, section: string, act: Parameters<typeof answering>[0]): Misbehaviour {
  return { id, does, section, asks: [POST], script: answering(act), outcome: answered(), mostRequests: 1 };
}

/** Servers whose frames are none, or come where they must not. */
export const BROKEN_FRAMES: readonly Misbehaviour[] = [
  broken(
    "frame-too-large",
    "sends DATA of more octets than the client takes",
    "RFC 9113 section 4.2",
    (peer, streamId) =>
      peer.send(head(streamId), frames.header(0xffffff, 0x0, 0, streamId), new Uint8Array(16_384)),
  ),
  broken("frame-ping-length", "sends PING of seven octets", "RFC 9113 section 6.7", (peer) =>
    peer.send(frames.ping("1234567")),
  ),
  broken("frame-data-on-stream-0", "sends DATA on stream 0", "RFC 9113 section 6.1", (peer) =>
    peer.send(frames.data(0, "hello")),
  ),
  broken(
    "frame-padding-too-long",
    "sends DATA whose padding is longer than the frame",
    "RFC 9113 section 6.1",
    (peer, streamId) => peer.send(head(streamId), frames.raw(0x0, 0x8, streamId, Uint8Array.of(200, 1, 2))),
  ),
  broken(
    "frame-amid-field-block",
    "sends DATA between HEADERS and CONTINUATION",
    "RFC 9113 section 4.3",
    (peer, streamId) => peer.send(head(streamId).withoutEndHeaders(), body(streamId)),
  ),
  broken(
    "frame-continuation-alone",
    "sends CONTINUATION that continues nothing",
    "RFC 9113 section 6.10",
    (peer, streamId) => peer.send(head(streamId), frames.continuation(streamId).field("a", "b")),
  ),
  broken(
    "frame-push-promise",
    "promises a push that the client has forbidden",
    "RFC 9113 section 8.4",
    (peer, streamId) =>
      peer.send(frames.pushPromise(streamId, 2).request("GET", "/pushed"), head(streamId), body(streamId)),
  ),
  broken("frame-ping-on-a-stream", "sends PING on a stream", "RFC 9113 section 6.7", (peer, streamId) =>
    peer.send(frames.raw(0x6, 0, streamId, "12345678")),
  ),
  broken(
    "frame-settings-on-a-stream",
    "sends SETTINGS on a stream",
    "RFC 9113 section 6.5",
    (peer, streamId) => peer.send(frames.raw(0x4, 0, streamId)),
  ),
  broken(
    "hpack-bad-index",
    "sends a field block that refers to nothing",
    "RFC 7541 section 2.3.3",
    (peer, streamId) => peer.send(frames.headers(streamId).block(Uint8Array.of(0xff, 0x7f)), body(streamId)),
  ),
  broken(
    "hpack-bad-huffman",
    "sends a field block with a Huffman code that nothing has",
    "RFC 7541 section 5.2",
    (peer, streamId) =>
      peer.send(
        head(streamId).block(Uint8Array.of(0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00)),
        body(streamId),
      ),
  ),
  broken(
    "hpack-table-too-large",
    "changes its table to more octets than the client allows",
    "RFC 7541 section 6.3",
    (peer, streamId) =>
      peer.send(
        frames.raw(0x1, 0x4, streamId, Uint8Array.of(0x3f, 0xff, 0xff, 0xff, 0x07, 0x88)),
        body(streamId),
      ),
  ),
  broken("hpack-cut-short", "ends a field block amid a field", "RFC 9113 section 4.3", (peer, streamId) =>
    peer.send(head(streamId).block(Uint8Array.of(0x00, 0x05, 0x61)), body(streamId)),
  ),
  {
    id: "http1-answer",
    does: "answers the preface with a response of HTTP/1.1, and ends the connection",
    section: "RFC 9113 section 3.4",
    asks: [POST],
    script: async (peer) => {
      peer.send(ascii("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
      peer.end();
    },
    outcome: failed("PROTOCOL_ERROR", "NO_COMMON_PROTOCOL"),
  },
  {
    id: "garbage",
    does: "answers the preface with octets of another protocol",
    section: "RFC 9113 section 3.4",
    asks: [POST],
    script: async (peer) => {
      peer.send(ascii("220 mail.example ESMTP ready\r\n"));
      await peer.expectGone();
    },
    outcome: failed("PROTOCOL_ERROR", "NO_COMMON_PROTOCOL"),
  },
  odd(
    "frame-unknown-types",
    "sends frames of types that nobody knows, on all kinds of streams",
    "RFC 9113 section 5.5",
    (peer, streamId) =>
      peer.send(
        frames.raw(0xfa, 0xff, 0, "grease"),
        frames.raw(0xfb, 0, streamId, "grease"),
        head(streamId),
        frames.raw(0xfc, 0, streamId, "grease"),
        body(streamId),
      ),
  ),
  odd(
    "frame-undefined-flags",
    "sends frames with flags that nobody knows",
    "RFC 9113 section 4.1",
    (peer, streamId) => peer.send(head(streamId).withFlags(0x40), body(streamId).withFlags(0xc0)),
  ),
  odd(
    "frame-reserved-bit",
    "sets the reserved bit in front of the stream identifier",
    "RFC 9113 section 4.1",
    (peer, streamId) =>
      peer.send(frames.raw(0x1, 0x4, streamId | 0x80000000, Uint8Array.of(0x88)), body(streamId)),
  ),
  odd(
    "frame-most-padding",
    "sends a body with 255 octets of padding in each frame, and frames with nothing else",
    "RFC 9113 section 6.1",
    (peer, streamId) =>
      peer.send(
        head(streamId),
        frames.data(streamId).padded(255),
        frames.data(streamId, "hello").padded(255),
        frames.data(streamId).padded(0).endStream(),
      ),
  ),
  odd(
    "frame-priorities",
    "sends the deprecated PRIORITY, on streams that nobody has opened too",
    "RFC 9113 section 6.3",
    (peer, streamId) =>
      peer.send(
        frames.priority(streamId, { weight: 256 }),
        frames.priority(99),
        head(streamId),
        body(streamId),
      ),
  ),
  odd("frame-hints", "sends ALTSVC and ORIGIN", "RFC 8336 section 2", (peer, streamId) =>
    peer.send(
      frames.altsvc(0, "https://example.com", 'h2="other.example:443"'),
      frames.origin("https://example.com", "https://other.example"),
      head(streamId),
      body(streamId),
    ),
  ),
  odd(
    "frame-empty-continuations",
    "sends the head in HEADERS without octets and three CONTINUATION frames",
    "RFC 9113 section 6.10",
    (peer, streamId) =>
      peer.send(
        frames.headers(streamId).withoutEndHeaders(),
        frames.continuation(streamId).withoutEndHeaders(),
        frames.continuation(streamId).response(200).withoutEndHeaders(),
        frames.continuation(streamId),
        body(streamId),
      ),
  ),
];
