import { ErrorCode, LARGEST_STREAM_ID, SettingId } from "../../frames/index.ts";
import { frames } from "../frames.ts";
import { answered, either, failed, type Misbehaviour, maybeProcessed, unprocessed } from "../misbehaviour.ts";
import { body, firstly, GET, head, POST } from "./common.ts";

const SECTION = "RFC 9113 section 6.8";

/** Servers that say that they take no more requests. */
export const GOAWAY: readonly Misbehaviour[] = [
  {
    id: "goaway-last-id-0",
    does: "answers the first request with a GOAWAY that names no stream, and ends the connection; the next one is good",
    section: SECTION,
    asks: [GET, POST],
    script: firstly(async (peer) => {
      peer.greet();
      await peer.expectRequest();
      peer.goaway(0);
      peer.end();
    }),
    outcome: answered(),
    mostConnections: 2,
  },
  {
    id: "goaway-before-requests",
    does: "sends GOAWAY right behind its SETTINGS and ends the connection; the next one is good",
    section: SECTION,
    asks: [POST],
    script: firstly(async (peer) => {
      peer.send(frames.settings(), frames.goaway(0));
      peer.end();
    }),
    outcome: answered(),
  },
  {
    id: "goaway-during-response",
    does: "sends GOAWAY amid a response, which it then completes",
    section: SECTION,
    script: async (peer) => {
      peer.greet();
      const { streamId } = await peer.expectRequest();
      await peer.send(head(streamId), frames.data(streamId, "he"), frames.goaway(streamId));
      await peer.send(body(streamId, "llo"));
      await peer.expectGone();
    },
    outcome: answered(),
    mostRequests: 1,
  },
  {
    id: "goaway-after-response",
    does: "sends GOAWAY behind a response and never ends the connection; the next one is good",
    section: SECTION,
    asks: [GET, POST],
    inTurn: true,
    script: firstly(async (peer) => {
      peer.greet();
      const { streamId } = await peer.expectRequest();
      peer.send(head(streamId), body(streamId), frames.goaway(streamId));
      await peer.expectGone();
    }),
    outcome: answered(),
    mostConnections: 2,
  },
  {
    id: "goaway-races-request",
    does: "ends an idle connection with GOAWAY while the next request is already under way; the next one is good",
    section: SECTION,
    asks: [GET, POST],
    inTurn: true,
    script: firstly(async (peer) => {
      peer.greet();
      const { streamId } = await peer.expectRequest();
      peer.send(head(streamId), body(streamId));
      await peer.expectRequest();
      peer.goaway(streamId);
      peer.end();
    }),
    outcome: answered(),
    mostConnections: 2,
  },
  {
    id: "goaway-graceful-restart",
    does: "restarts in two steps: GOAWAY with the highest id, then one that leaves a request in flight out; the next is good",
    section: SECTION,
    asks: [GET, POST, POST, GET],
    script: firstly(async (peer) => {
      peer.greet();
      for (let count = 0; count < 3; count++) await peer.expectRequest();
      peer.goaway(LARGEST_STREAM_ID);
      await peer.expectRequest();
      peer.goaway(5);
      for (const streamId of [1, 3, 5]) await peer.send(head(streamId), body(streamId));
      peer.end();
    }),
    outcome: answered(),
    mostRequests: 5,
    mostConnections: 2,
  },
  {
    id: "goaway-falling-last-id",
    does: "lowers the last stream of its GOAWAY twice, and answers only what is left; the next connection is good",
    section: SECTION,
    asks: [GET, POST, POST],
    script: firstly(async (peer) => {
      peer.greet();
      for (let count = 0; count < 3; count++) await peer.expectRequest();
      for (const lastStreamId of [5, 3, 1]) await peer.goaway(lastStreamId);
      peer.send(head(1), body(1));
      peer.end();
    }),
    outcome: answered(),
    mostConnections: 2,
  },
  {
    id: "goaway-rising-last-id",
    does: "raises the last stream in a second GOAWAY, which is not allowed, and answers both; the next connection is good",
    section: SECTION,
    asks: [POST, POST],
    script: firstly(async (peer) => {
      peer.greet();
      for (let count = 0; count < 2; count++) await peer.expectRequest();
      await peer.goaway(1);
      await peer.goaway(3);
      for (const streamId of [1, 3]) await peer.send(head(streamId), body(streamId));
      peer.end();
    }),
    outcome: [either(answered(), maybeProcessed("PROTOCOL_ERROR")), answered()],
  },
  {
    id: "goaway-with-error",
    does: "answers each request with a GOAWAY of INTERNAL_ERROR that names no stream, with debug data",
    section: SECTION,
    asks: [POST],
    script: async (peer) => {
      peer.greet();
      await peer.expectRequest();
      peer.goaway(0, ErrorCode.INTERNAL_ERROR, "out of cheese");
      peer.end();
    },
    outcome: unprocessed("GOAWAY"),
  },
  {
    id: "goaway-calm-down",
    does: "answers each request with a GOAWAY of ENHANCE_YOUR_CALM that names no stream",
    section: SECTION,
    script: async (peer) => {
      peer.greet();
      await peer.expectRequest();
      peer.goaway(0, ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings");
      peer.end();
    },
    outcome: unprocessed("GOAWAY"),
  },
  {
    id: "goaway-unknown-error",
    does: "sends GOAWAY with an error code that nobody knows and 4,096 octets of debug data that are no text",
    section: "RFC 9113 section 7",
    asks: [POST],
    script: async (peer) => {
      peer.greet();
      const { streamId } = await peer.expectRequest();
      peer.goaway(streamId, 0xfafafafa, "\xff".repeat(4_096));
      peer.end();
    },
    outcome: maybeProcessed("CONNECTION_LOST", "GOAWAY"),
    mostRequests: 1,
  },
  {
    id: "goaway-error-during-response",
    does: "sends GOAWAY of INTERNAL_ERROR amid a response, and ends the connection there",
    section: SECTION,
    script: async (peer) => {
      peer.greet();
      const { streamId } = await peer.expectRequest();
      peer.send(
        head(streamId),
        frames.data(streamId, "he"),
        frames.goaway(streamId, ErrorCode.INTERNAL_ERROR),
      );
      peer.end();
    },
    outcome: maybeProcessed("CONNECTION_LOST", "GOAWAY"),
    mostRequests: 1,
  },
  {
    id: "goaway-storm",
    does: "answers each request on each connection with a GOAWAY that names no stream",
    section: SECTION,
    script: async (peer) => {
      peer.greet();
      await peer.expectRequest();
      peer.goaway(0);
      peer.end();
    },
    outcome: unprocessed("GOAWAY"),
  },
  {
    id: "goaway-with-refusal",
    does: "takes one request at a time, refuses the first and sends GOAWAY with the same breath; the next connection is good",
    section: SECTION,
    asks: [GET, POST, POST],
    script: firstly(async (peer) => {
      peer.greet([SettingId.MAX_CONCURRENT_STREAMS, 1]);
      const { streamId } = await peer.expectRequest();
      peer.send(frames.rstStream(streamId, ErrorCode.REFUSED_STREAM), frames.goaway(streamId));
      peer.end();
    }),
    outcome: answered(),
  },
  {
    id: "goaway-and-silence",
    does: "sends GOAWAY that covers the request, and then nothing, with the connection open",
    section: SECTION,
    asks: [POST],
    script: async (peer) => {
      peer.greet();
      const { streamId } = await peer.expectRequest();
      await peer.goaway(streamId);
      await peer.fallSilent();
    },
    outcome: maybeProcessed("HEADERS_TIMEOUT", "UNRESPONSIVE"),
    mostRequests: 1,
  },
  {
    id: "goaway-on-a-stream",
    does: "sends GOAWAY with a stream identifier other than 0",
    section: SECTION,
    asks: [POST],
    script: async (peer) => {
      peer.greet();
      await peer.expectRequest();
      peer.send(frames.raw(0x7, 0, 1, new Uint8Array(8)));
      await peer.expectGone();
    },
    outcome: failed("PROTOCOL_ERROR"),
  },
];
