import { frames, octetsOf } from "../frames.ts";
import { answered, either, failed, type Misbehaviour, maybeProcessed } from "../misbehaviour.ts";
import { answering, body, firstly, GET, head, POST } from "./common.ts";

const SECTION = "RFC 9113 section 5.4.3";

/** A response with everything in it: an interim one, fields in three frames, padding, PING, trailers. */
const RESPONSE = octetsOf(
  frames.headers(1).response(103).field("link", "</a>"),
  frames.headers(1).response(200).withoutEndHeaders(),
  frames.continuation(1).field("a", "b").withoutEndHeaders(),
  frames.continuation(1).field("c", "d"),
  frames.ping(),
  frames.data(1, "hel").padded(4),
  frames.windowUpdate(1, 100),
  frames.data(1, "lo"),
  frames.headers(1).field("e", "f").endStream(),
);

/** Servers that end the connection, or leave it to rot. */
export const ENDINGS: readonly Misbehaviour[] = [
  {
    id: "closed-at-accept",
    does: "ends each connection as soon as it is there",
    section: SECTION,
    asks: [POST],
    script: async (peer) => peer.end(),
    outcome: failed("CONNECTION_LOST", "HANDSHAKE_FAILED"),
  },
  {
    id: "cut-at-accept",
    does: "breaks each connection off, by RST of TCP, as soon as it is there",
    section: SECTION,
    asks: [POST],
    script: async (peer) => peer.cut(),
    outcome: failed("CONNECTION_LOST", "HANDSHAKE_FAILED"),
  },
  {
    id: "closed-after-settings",
    does: "ends each connection behind its SETTINGS",
    section: SECTION,
    asks: [POST],
    script: async (peer) => {
      peer.greet();
      peer.end();
    },
    outcome: failed("CONNECTION_LOST"),
  },
  {
    id: "ended-at-every-octet",
    does: "ends the connection amid the response; played once for each octet of it",
    section: SECTION,
    variants: RESPONSE.length,
    asks: [POST],
    script: answering((peer) => {
      peer.send(RESPONSE.subarray(0, peer.variant));
      peer.end();
    }),
    outcome: maybeProcessed("CONNECTION_LOST"),
    mostRequests: 1,
  },
  {
    id: "cut-at-every-octet",
    does: "breaks the connection off, by RST of TCP, amid the response; played once for each octet of it",
    section: SECTION,
    variants: RESPONSE.length,
    asks: [POST],
    script: answering(async (peer) => {
      await peer.send(RESPONSE.subarray(0, peer.variant));
      peer.cut();
    }),
    outcome: maybeProcessed("CONNECTION_LOST"),
    mostRequests: 1,
  },
  {
    id: "response-whole",
    does: "answers with an interim response, fields in three frames, padding, PING and trailers, and ends the connection",
    section: "RFC 9113 section 8.1",
    asks: [POST],
    script: answering((peer) => {
      peer.send(RESPONSE);
      peer.end();
    }),
    outcome: answered(),
    mostRequests: 1,
  },
  {
    id: "tls-truncated",
    does: "ends the TCP connection amid a body without a word to TLS (no close_notify)",
    section: "RFC 9113 section 9.2",
    needsTls: true,
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId), frames.data(streamId, "he"));
      peer.truncate();
    }),
    outcome: maybeProcessed("CONNECTION_LOST"),
    mostRequests: 1,
  },
  {
    id: "tls-truncated-after-response",
    does: "ends the TCP connection behind a whole response without a word to TLS, and is good on the next one",
    section: "RFC 9113 section 9.2",
    needsTls: true,
    asks: [GET, POST],
    inTurn: true,
    script: firstly(
      answering(async (peer, streamId) => {
        await peer.send(head(streamId), body(streamId));
        peer.truncate();
      }),
    ),
    outcome: answered(),
  },
  {
    id: "end-without-end-stream",
    does: "sends a whole body without END_STREAM, and ends the connection instead",
    section: "RFC 9113 section 8.1",
    script: answering((peer, streamId) => {
      peer.send(head(streamId), frames.data(streamId, "hello"));
      peer.end();
    }),
    outcome: maybeProcessed("CONNECTION_LOST"),
    mostRequests: 1,
  },
  {
    id: "lost-after-post",
    does: "takes a POST, ends the connection without a word, and is good on the next one",
    section: "RFC 9110 section 9.2.2",
    asks: [POST],
    script: firstly(async (peer) => {
      peer.greet();
      await peer.expectEnd(await peer.expectRequest());
      peer.end();
    }),
    outcome: maybeProcessed("CONNECTION_LOST"),
    mostRequests: 1,
  },
  {
    id: "lost-after-get",
    does: "takes a GET, ends the connection without a word, and is good on the next one",
    section: "RFC 9110 section 9.2.2",
    script: firstly(async (peer) => {
      peer.greet();
      await peer.expectRequest();
      peer.end();
    }),
    outcome: either(answered(), maybeProcessed("CONNECTION_LOST")),
    mostRequests: 2,
  },
  {
    id: "lost-while-idle",
    does: "ends an idle connection without a word, and is good on the next one",
    section: "RFC 9113 section 9.1",
    asks: [GET, GET],
    inTurn: true,
    script: firstly(async (peer) => {
      peer.greet();
      const request = await peer.expectRequest();
      await peer.respond(request);
      peer.end();
    }),
    outcome: answered(),
  },
  {
    id: "silence-after-accept",
    does: "never says a word, not even SETTINGS",
    section: "RFC 9113 section 3.4",
    asks: [POST],
    script: (peer) => peer.fallSilent(),
    outcome: failed("TIMEOUT", "HEADERS_TIMEOUT", "UNRESPONSIVE"),
  },
  {
    id: "silence-after-request",
    does: "takes the request and never says a word again, with the connection open",
    section: SECTION,
    asks: [POST],
    script: answering((peer) => peer.fallSilent()),
    outcome: maybeProcessed("HEADERS_TIMEOUT", "UNRESPONSIVE"),
    mostRequests: 1,
  },
  {
    id: "silence-after-get",
    does: "takes each GET and never says a word again, with the connection open",
    section: SECTION,
    script: answering((peer) => peer.fallSilent()),
    outcome: maybeProcessed("HEADERS_TIMEOUT", "UNRESPONSIVE"),
  },
  {
    id: "silence-after-head",
    does: "sends the head of a response and never says a word again",
    section: SECTION,
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId));
      await peer.fallSilent();
    }),
    outcome: maybeProcessed("BODY_TIMEOUT", "UNRESPONSIVE"),
    mostRequests: 1,
  },
  {
    id: "silence-amid-body",
    does: "sends half of a body and never says a word again",
    section: SECTION,
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId), frames.data(streamId, "he"));
      await peer.fallSilent();
    }),
    outcome: maybeProcessed("BODY_TIMEOUT", "UNRESPONSIVE"),
    mostRequests: 1,
  },
  {
    id: "silence-amid-frame",
    does: "announces a frame, sends half of it and never says a word again",
    section: "RFC 9113 section 4.1",
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId), frames.header(16, 0x0, 0x1, streamId), Uint8Array.of(1, 2, 3));
      await peer.fallSilent();
    }),
    outcome: maybeProcessed("BODY_TIMEOUT", "UNRESPONSIVE"),
    mostRequests: 1,
  },
  {
    id: "silence-amid-field-block",
    does: "begins the head of a response, and never sends the CONTINUATION that completes it",
    section: "RFC 9113 section 4.3",
    asks: [POST],
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId).withoutEndHeaders());
      await peer.fallSilent();
    }),
    outcome: maybeProcessed("HEADERS_TIMEOUT", "UNRESPONSIVE", "PROTOCOL_ERROR"),
    mostRequests: 1,
  },
  {
    id: "silence-for-one",
    does: "never answers one of two requests, whose caller gives up, and answers the other",
    section: SECTION,
    asks: [{ isAborted: true }, POST],
    script: answering(async (peer, streamId) => {
      if (streamId !== 1) await peer.send(head(streamId), body(streamId));
    }),
    outcome: [failed("ABORTED"), answered()],
    mostRequests: 2,
    mostConnections: 1,
  },
];
