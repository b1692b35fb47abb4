import { LARGEST_WINDOW_SIZE, SettingId } from "../../frames/index.ts";
import { frames } from "../frames.ts";
import { answered, either, failed, type Misbehaviour, maybeProcessed } from "../misbehaviour.ts";
import { answering, body, GET, head, POST, STREAMED_UPLOAD, UPLOAD } from "./common.ts";

const SETTINGS_SECTION = "RFC 9113 section 6.5.2";
const WINDOW_SECTION = "RFC 9113 section 6.9";
const SLOW = ["BODY_TIMEOUT", "HEADERS_TIMEOUT", "UNRESPONSIVE"];

/** Servers with odd SETTINGS, and those that are sparing with windows. */
export const SETTINGS: readonly Misbehaviour[] = [
  {
    id: "settings-never-sent",
    does: "answers without having sent SETTINGS, which must come first",
    section: "RFC 9113 section 3.4",
    asks: [POST],
    script: async (peer) => {
      const { streamId } = await peer.expectRequest();
      peer.send(head(streamId), body(streamId));
      await peer.expectGone();
    },
    outcome: failed("PROTOCOL_ERROR", "TIMEOUT"),
  },
  {
    id: "settings-never-acknowledged",
    does: "never acknowledges the client's SETTINGS, and answers well",
    section: "RFC 9113 section 6.5.3",
    asks: [GET, POST],
    inTurn: true,
    script: async (peer) => {
      peer.withhold("settings-ack");
      peer.greet();
      await peer.serve();
    },
    outcome: answered(),
    mostConnections: 1,
  },
  {
    id: "settings-acknowledged-twice",
    does: "acknowledges SETTINGS that nobody sent, and answers well",
    section: "RFC 9113 section 6.5.3",
    script: async (peer) => {
      peer.send(frames.settings(), frames.settingsAck(), frames.settingsAck());
      await peer.serve();
    },
    outcome: either(answered(), failed("PROTOCOL_ERROR")),
  },
  {
    id: "settings-dribbled",
    does: "sends its SETTINGS octet by octet",
    section: "RFC 9113 section 3.4",
    asks: [GET, POST],
    script: async (peer) => {
      await peer.dribble(
        frames.settings([SettingId.MAX_CONCURRENT_STREAMS, 10], [SettingId.MAX_FRAME_SIZE, 20_000]),
      );
      await peer.serve();
    },
    outcome: answered(),
  },
  {
    id: "settings-bad-frame-size",
    does: "asks for frames of no more than 0 octets",
    section: SETTINGS_SECTION,
    asks: [POST],
    script: async (peer) => {
      peer.greet([SettingId.MAX_FRAME_SIZE, 0]);
      await peer.expectGone();
    },
    outcome: failed("PROTOCOL_ERROR"),
  },
  {
    id: "settings-enable-push",
    does: "says that it takes pushes, which only a client can say",
    section: SETTINGS_SECTION,
    asks: [POST],
    script: async (peer) => {
      peer.greet([SettingId.ENABLE_PUSH, 1]);
      await peer.expectGone();
    },
    outcome: failed("PROTOCOL_ERROR"),
  },
  {
    id: "settings-bad-window",
    does: "asks for windows of 2^31 octets",
    section: SETTINGS_SECTION,
    asks: [POST],
    script: async (peer) => {
      peer.greet([SettingId.INITIAL_WINDOW_SIZE, 0x80000000]);
      await peer.expectGone();
    },
    outcome: failed("PROTOCOL_ERROR"),
  },
  {
    id: "settings-bad-length",
    does: "sends SETTINGS of five octets",
    section: "RFC 9113 section 6.5",
    asks: [POST],
    script: async (peer) => {
      peer.send(frames.raw(0x4, 0, 0, "12345"));
      await peer.expectGone();
    },
    outcome: failed("PROTOCOL_ERROR"),
  },
  {
    id: "settings-unknown",
    does: "sends settings that nobody knows, and answers well",
    section: SETTINGS_SECTION,
    script: async (peer) => {
      peer.greet([0x1a1a, 7], [0xfafa, 0xffffffff]);
      await peer.serve();
    },
    outcome: answered(),
  },
  {
    id: "settings-no-table",
    does: "allows field compression no table, amid three requests",
    section: "RFC 7541 section 4.2",
    asks: [GET, POST, GET],
    inTurn: true,
    script: async (peer) => {
      peer.greet();
      await peer.respond(await peer.expectRequest());
      await peer.greet([SettingId.HEADER_TABLE_SIZE, 0]);
      await peer.serve();
    },
    outcome: answered(),
    mostConnections: 1,
  },
  {
    id: "streams-0-then-1",
    does: "allows no stream, and then one at a time",
    section: "RFC 9113 section 5.1.2",
    asks: [GET, POST, GET],
    script: async (peer) => {
      peer.greet([SettingId.MAX_CONCURRENT_STREAMS, 0]);
      await peer.expectSettingsAck();
      await peer.greet([SettingId.MAX_CONCURRENT_STREAMS, 1]);
      await peer.serve();
    },
    outcome: answered(),
  },
  {
    id: "streams-0-for-ever",
    does: "never allows a stream, and answers none",
    section: "RFC 9113 section 5.1.2",
    asks: [GET, POST],
    script: async (peer) => {
      peer.greet([SettingId.MAX_CONCURRENT_STREAMS, 0]);
      await peer.expectGone();
    },
    outcome: failed("HEADERS_TIMEOUT", "TIMEOUT"),
    mostRequests: 16,
  },
  {
    id: "streams-fewer-amid-requests",
    does: "allows ten streams, then only one while five are under way, and answers them all",
    section: "RFC 9113 section 5.1.2",
    asks: [GET, GET, GET, GET, GET],
    script: async (peer) => {
      peer.greet([SettingId.MAX_CONCURRENT_STREAMS, 10]);
      const request = await peer.expectRequest();
      await peer.greet([SettingId.MAX_CONCURRENT_STREAMS, 1]);
      await peer.expectSettingsAck();
      await peer.respond(request);
      await peer.serve();
    },
    outcome: answered(),
  },
  {
    id: "window-shut-amid-upload",
    does: "shuts the windows of streams amid an upload, so that they are below 0, and opens them again",
    section: "RFC 9113 section 6.9.2",
    asks: [UPLOAD, STREAMED_UPLOAD],
    script: async (peer) => {
      peer.greet();
      const requests = [await peer.expectRequest(), await peer.expectRequest()];
      for (const request of requests) await peer.expectBody(request, 16_384);
      await peer.greet([SettingId.INITIAL_WINDOW_SIZE, 0]);
      await peer.expectSettingsAck();
      await peer.greet([SettingId.INITIAL_WINDOW_SIZE, 100_000]);
      for (const request of requests) {
        await peer.expectEnd(request);
        await peer.respond(request);
      }
      await peer.serve();
    },
    outcome: answered(),
    mostRequests: 2,
  },
  {
    id: "window-shut-for-ever",
    does: "shuts the windows of streams amid an upload, and never opens them again",
    section: "RFC 9113 section 6.9.2",
    asks: [UPLOAD],
    script: async (peer) => {
      peer.withhold("window-updates");
      peer.greet();
      const request = await peer.expectRequest();
      await peer.expectBody(request, 16_384);
      peer.greet([SettingId.INITIAL_WINDOW_SIZE, 0]);
      await peer.expectGone();
    },
    outcome: maybeProcessed(...SLOW),
    mostRequests: 1,
  },
  {
    id: "window-never-opened",
    does: "begins with windows of 0 octets, and never opens them",
    section: WINDOW_SECTION,
    asks: [POST, STREAMED_UPLOAD],
    script: async (peer) => {
      peer.withhold("window-updates");
      peer.greet([SettingId.INITIAL_WINDOW_SIZE, 0]);
      await peer.expectGone();
    },
    outcome: maybeProcessed(...SLOW),
    mostRequests: 2,
  },
  {
    id: "window-of-connection-never-opened",
    does: "opens the windows of streams but never the connection's, and answers what needs none",
    section: "RFC 9113 section 6.9.1",
    asks: [UPLOAD, GET],
    script: async (peer) => {
      peer.withhold("window-updates");
      peer.greet([SettingId.INITIAL_WINDOW_SIZE, 1_000_000]);
      await peer.serve();
    },
    outcome: [maybeProcessed(...SLOW), answered()],
    mostRequests: 2,
  },
  {
    id: "window-dribbled",
    does: "opens the window of a stream octet by octet",
    section: WINDOW_SECTION,
    asks: [{ body: 200 }],
    script: async (peer) => {
      peer.withhold("window-updates");
      peer.greet([SettingId.INITIAL_WINDOW_SIZE, 0]);
      const request = await peer.expectRequest();
      for (let octets = 1; octets <= 200; octets++) {
        await peer.send(frames.windowUpdate(request.streamId, 1));
        await peer.expectBody(request, octets);
      }
      await peer.expectEnd(request);
      await peer.respond(request);
      await peer.expectGone();
    },
    outcome: answered(),
    mostRequests: 1,
  },
  {
    id: "window-update-0-of-stream",
    does: "opens the window of a stream by 0 octets, which is an error of that stream, and answers the others",
    section: WINDOW_SECTION,
    asks: [POST, GET],
    script: answering((peer, streamId) =>
      streamId === 1
        ? peer.send(frames.windowUpdate(streamId, 0))
        : peer.send(head(streamId), body(streamId)),
    ),
    outcome: [maybeProcessed("PROTOCOL_ERROR"), either(answered(), maybeProcessed("PROTOCOL_ERROR"))],
    mostRequests: 2,
  },
  {
    id: "window-update-0-of-connection",
    does: "opens the connection's window by 0 octets",
    section: WINDOW_SECTION,
    asks: [POST],
    script: answering((peer) => peer.send(frames.windowUpdate(0, 0))),
    outcome: maybeProcessed("PROTOCOL_ERROR"),
    mostRequests: 1,
  },
  {
    id: "window-overflow-of-stream",
    does: "opens the window of a stream beyond 2^31-1 octets",
    section: "RFC 9113 section 6.9.1",
    asks: [POST],
    script: answering((peer, streamId) => peer.send(frames.windowUpdate(streamId, LARGEST_WINDOW_SIZE))),
    outcome: maybeProcessed("PROTOCOL_ERROR"),
    mostRequests: 1,
  },
  {
    id: "window-overflow-of-connection",
    does: "opens the connection's window beyond 2^31-1 octets",
    section: "RFC 9113 section 6.9.1",
    asks: [POST],
    script: answering((peer) => peer.send(frames.windowUpdate(0, LARGEST_WINDOW_SIZE))),
    outcome: maybeProcessed("PROTOCOL_ERROR"),
    mostRequests: 1,
  },
  {
    id: "window-overflow-by-settings",
    does: "opens the window of a stream to its limit, and then adds to it by SETTINGS",
    section: "RFC 9113 section 6.9.2",
    asks: [{ ...POST, body: 100_000 }],
    script: async (peer) => {
      peer.withhold("window-updates");
      peer.greet([SettingId.INITIAL_WINDOW_SIZE, 0]);
      const { streamId } = await peer.expectRequest();
      await peer.expectSettingsAck();
      peer.send(
        frames.windowUpdate(streamId, LARGEST_WINDOW_SIZE),
        frames.settings([SettingId.INITIAL_WINDOW_SIZE, 100_000]),
      );
      await peer.expectGone();
    },
    outcome: maybeProcessed("PROTOCOL_ERROR"),
    mostRequests: 1,
  },
];
