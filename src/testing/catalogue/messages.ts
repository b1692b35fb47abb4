import { ErrorCode } from "../../frames/index.ts";
import { frames } from "../frames.ts";
import { answered, either, type Misbehaviour, maybeProcessed } from "../misbehaviour.ts";
import { answering, body, GET, head, POST, UPLOAD } from "./common.ts";

const MALFORMED = "RFC 9113 section 8.1.1";
const FIELDS = "RFC 9113 section 8.2.1";
const PSEUDO = "RFC 9113 section 8.3.2";
const WRONG = maybeProcessed("PROTOCOL_ERROR");

/** A server that gives an answer which breaks a rule of messages. */
function malformed(
  id: string,
  does: string,
  section: string,
  act: Parameters<typeof answering>[0],
): Misbehaviour {
  return { id, does, section, asks: [POST], script: answering(act), outcome: WRONG, mostRequests: 1 };
}

/** Servers whose responses are no messages of HTTP. */
export const MESSAGES: readonly Misbehaviour[] = [
  malformed("message-data-first", "sends DATA before the head of the response", MALFORMED, (peer, streamId) =>
    peer.send(frames.data(streamId, "hello").endStream()),
  ),
  malformed("message-without-status", "answers without :status", PSEUDO, (peer, streamId) =>
    peer.send(frames.headers(streamId).field("server", "x"), body(streamId)),
  ),
  malformed("message-with-bad-status", "answers with the status 2x0", PSEUDO, (peer, streamId) =>
    peer.send(frames.headers(streamId).field(":status", "2x0"), body(streamId)),
  ),
  malformed("message-with-two-statuses", "answers with two fields :status", PSEUDO, (peer, streamId) =>
    peer.send(head(streamId).field(":status", "404"), body(streamId)),
  ),
  malformed("message-with-request-field", "answers with :path", "RFC 9113 section 8.3", (peer, streamId) =>
    peer.send(head(streamId).field(":path", "/"), body(streamId)),
  ),
  malformed(
    "message-with-late-status",
    "sends :status behind a field",
    "RFC 9113 section 8.3",
    (peer, streamId) =>
      peer.send(frames.headers(streamId).field("server", "x").response(200), body(streamId)),
  ),
  malformed(
    "message-with-uppercase-name",
    "sends a field name with capital letters",
    FIELDS,
    (peer, streamId) => peer.send(head(streamId).field("Server", "x"), body(streamId)),
  ),
  malformed("message-with-line-feed", "sends a field value with CR and LF", FIELDS, (peer, streamId) =>
    peer.send(head(streamId).field("server", "x\r\nset-cookie: y"), body(streamId)),
  ),
  malformed("message-with-connection-field", "sends Connection", "RFC 9113 section 8.2.2", (peer, streamId) =>
    peer.send(head(streamId).field("connection", "close"), body(streamId)),
  ),
  malformed("message-with-empty-name", "sends a field without a name", FIELDS, (peer, streamId) =>
    peer.send(head(streamId).field("", "x"), body(streamId)),
  ),
  malformed("length-too-long", "announces ten octets and sends five", MALFORMED, (peer, streamId) =>
    peer.send(head(streamId).field("content-length", "10"), body(streamId)),
  ),
  malformed("length-too-short", "announces three octets and sends five", MALFORMED, (peer, streamId) =>
    peer.send(head(streamId).field("content-length", "3"), body(streamId)),
  ),
  malformed("length-without-body", "announces five octets and sends none", MALFORMED, (peer, streamId) =>
    peer.send(head(streamId).field("content-length", "5").endStream()),
  ),
  malformed("length-contradicts", "announces two lengths", MALFORMED, (peer, streamId) =>
    peer.send(head(streamId).field("content-length", "5").field("content-length", "6"), body(streamId)),
  ),
  {
    id: "length-of-head",
    does: "announces five octets to a HEAD and sends none, as it should",
    section: "RFC 9110 section 9.3.2",
    asks: [{ method: "HEAD" }],
    script: answering((peer, streamId) => peer.send(head(streamId).field("content-length", "5").endStream())),
    outcome: answered(200, 0),
  },
  malformed(
    "trailers-with-status",
    "sends :status in the trailers",
    "RFC 9113 section 8.1",
    (peer, streamId) => peer.send(head(streamId), frames.data(streamId, "hello"), head(streamId).endStream()),
  ),
  malformed(
    "trailers-without-end",
    "sends trailers that do not end the stream",
    "RFC 9113 section 8.1",
    (peer, streamId) =>
      peer.send(head(streamId), frames.data(streamId, "hello"), frames.headers(streamId).field("a", "b")),
  ),
  {
    id: "message-on-wrong-stream",
    does: "answers on a stream that nobody has opened",
    section: "RFC 9113 section 5.1",
    asks: [POST],
    script: answering((peer, streamId) => peer.send(head(streamId + 98), body(streamId + 98))),
    outcome: WRONG,
    mostRequests: 1,
  },
  {
    id: "message-on-servers-stream",
    does: "opens a stream of its own by a response",
    section: "RFC 9113 section 5.1.1",
    asks: [POST],
    script: answering((peer) => peer.send(head(2), body(2))),
    outcome: WRONG,
    mostRequests: 1,
  },
  {
    id: "message-twice",
    does: "answers, and then once more on the same stream; the next request is answered well",
    section: "RFC 9113 section 5.1",
    asks: [GET, GET],
    inTurn: true,
    script: answering((peer, streamId) =>
      streamId === 1
        ? peer.send(head(streamId), body(streamId), head(streamId), body(streamId))
        : peer.send(head(streamId), body(streamId)),
    ),
    outcome: answered(),
  },
  malformed(
    "interim-101",
    "answers with the status 101, which HTTP/2 has not",
    "RFC 9113 section 8.6",
    (peer, streamId) => peer.send(frames.headers(streamId).response(101)),
  ),
  malformed(
    "interim-with-end",
    "ends the stream with an interim response",
    "RFC 9113 section 8.1",
    (peer, streamId) => peer.send(frames.headers(streamId).response(103).endStream()),
  ),
  malformed(
    "interim-after-head",
    "sends an interim response behind the final one",
    "RFC 9113 section 8.1",
    (peer, streamId) => peer.send(head(streamId), frames.headers(streamId).response(103), body(streamId)),
  ),
  {
    id: "interim-many",
    does: "sends twenty interim responses of 103 and then a response",
    section: "RFC 8297 section 2",
    script: answering(async (peer, streamId) => {
      for (let count = 0; count < 20; count++) {
        await peer.send(frames.headers(streamId).response(103).field("link", `</${count}>`));
      }
      peer.send(head(streamId), body(streamId));
    }),
    outcome: answered(),
  },
  {
    id: "interim-for-ever",
    does: "sends interim responses of 103 and never a final one",
    section: "RFC 9110 section 15.2",
    asks: [POST],
    script: answering((peer, streamId) => peer.flood(frames.headers(streamId).response(103))),
    outcome: maybeProcessed("PROTOCOL_ERROR", "HEADERS_TIMEOUT", "STREAM_RESET"),
    mostRequests: 1,
  },
  {
    id: "continue-never",
    does: "is asked for 100 (Continue) and never sends it, but answers when the body has come",
    section: "RFC 9110 section 10.1.1",
    asks: [{ ...POST, fields: [["expect", "100-continue"]] }],
    script: async (peer) => {
      peer.greet();
      await peer.serve();
    },
    outcome: either(answered(), maybeProcessed("HEADERS_TIMEOUT")),
  },
  {
    id: "continue-refused",
    does: "is asked for 100 (Continue), answers with 417 instead, and does not want the body",
    section: "RFC 9110 section 10.1.1",
    asks: [{ ...UPLOAD, fields: [["expect", "100-continue"]] }],
    script: answering((peer, streamId) =>
      peer.send(
        frames.headers(streamId).response(417),
        body(streamId, "no"),
        frames.rstStream(streamId, ErrorCode.NO_ERROR),
      ),
    ),
    outcome: answered(417, 2),
  },
  {
    id: "body-of-a-mebibyte",
    does: "sends a body of 1,048,576 octets as windows allow",
    section: "RFC 9113 section 5.2",
    script: async (peer) => {
      peer.greet();
      await peer.respond(await peer.expectRequest(), { body: 1_048_576 });
      await peer.expectGone();
    },
    outcome: answered(200, 1_048_576),
  },
  {
    id: "body-unread",
    does: "sends a body that nobody reads until the window is shut, and answers other requests",
    section: "RFC 9113 section 5.2",
    asks: [{ isUnread: true }, POST],
    inTurn: true,
    script: async (peer) => {
      peer.greet();
      const request = await peer.expectRequest();
      const whole = peer.respond(request, { body: 33_554_432 });
      await Promise.race([whole, peer.serve()]);
    },
    outcome: [answered(200, null), answered()],
    mostConnections: 1,
  },
  {
    id: "body-dribbled",
    does: "sends its response octet by octet",
    section: "RFC 9113 section 4.1",
    script: answering((peer, streamId) => peer.dribble(head(streamId), body(streamId))),
    outcome: answered(),
  },
  {
    id: "body-stops-reading",
    does: "reads nothing any more amid an upload, and says nothing",
    section: "RFC 9113 section 5.4.3",
    asks: [{ body: 8_388_608 }],
    script: async (peer) => {
      peer.greet([0x4, 16_777_216]);
      await peer.send(frames.windowUpdate(0, 16_777_216));
      await peer.expectRequest();
      peer.stopReading();
      await peer.fallSilent();
    },
    outcome: maybeProcessed("BODY_TIMEOUT", "HEADERS_TIMEOUT", "UNRESPONSIVE"),
    mostRequests: 1,
  },
];
