import { frames, type Wire } from "../frames.ts";
import type { Misbehaviour } from "../misbehaviour.ts";
import { answered, either, failed, maybeProcessed } from "../misbehaviour.ts";
import { answering, body, head, POST } from "./common.ts";

const SECTION = "RFC 9113 section 10.5";
const GIVEN_UP = maybeProcessed("PROTOCOL_ERROR", "CONNECTION_LOST", "HEADERS_TIMEOUT", "BODY_TIMEOUT");

/** A server that sends the same without end, instead of a response. */
function flood(id: string, does: string, section: string, frame: (streamId: number) => Wire): Misbehaviour {
  return {
    id,
    does,
    section,
    asks: [POST],
    script: answering((peer, streamId) => peer.flood(...many(frame(streamId)))),
    outcome: GIVEN_UP,
    mostRequests: 1,
  };
}

/** As much as is worth a write. */
function many(frame: Wire): Wire[] {
  return Array.from({ length: 200 }, () => frame);
}

/** Servers that want to keep a client busy, or fill its memory. */
export const FLOODS: readonly Misbehaviour[] = [
  flood("flood-ping", "sends PING without end, and no response", SECTION, () => frames.ping()),
  flood("flood-settings", "sends SETTINGS without end, and no response", SECTION, () =>
    frames.settings([0x3, 100]),
  ),
  flood("flood-window-updates", "opens windows without end, and sends no response", SECTION, () =>
    frames.windowUpdate(0, 1),
  ),
  flood("flood-priorities", "sends PRIORITY without end, and no response", SECTION, (streamId) =>
    frames.priority(streamId),
  ),
  flood("flood-unknown-frames", "sends frames of an unknown type without end, and no response", SECTION, () =>
    frames.raw(0xfa, 0, 0, "grease"),
  ),
  {
    id: "flood-empty-data",
    does: "sends DATA without octets, without end, behind the head of a response",
    section: SECTION,
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId));
      await peer.flood(...many(frames.data(streamId)));
    }),
    outcome: GIVEN_UP,
    mostRequests: 1,
  },
  {
    id: "flood-continuation",
    does: "sends CONTINUATION without end",
    section: SECTION,
    asks: [POST],
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId).withoutEndHeaders());
      await peer.flood(...many(frames.continuation(streamId).field("a", "b").withoutEndHeaders()));
    }),
    outcome: GIVEN_UP,
    mostRequests: 1,
  },
  {
    id: "flood-empty-continuation",
    does: "sends CONTINUATION without octets, without end",
    section: SECTION,
    asks: [POST],
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId).withoutEndHeaders());
      await peer.flood(...many(frames.continuation(streamId).withoutEndHeaders()));
    }),
    outcome: GIVEN_UP,
    mostRequests: 1,
  },
  {
    id: "fields-of-a-mebibyte",
    does: "sends a head of 1,048,576 octets in one field block",
    section: "RFC 9113 section 10.5.1",
    asks: [POST],
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId).withoutEndHeaders());
      for (let count = 0; count < 64; count++) {
        await peer.send(frames.continuation(streamId).field("x", "y".repeat(16_300)).withoutEndHeaders());
      }
      await peer.send(frames.continuation(streamId), body(streamId));
    }),
    outcome: either(failed("PROTOCOL_ERROR", "CONNECTION_LOST"), answered()),
    mostRequests: 1,
  },
  {
    id: "fields-by-the-thousand",
    does: "sends a head of 2,000 small fields",
    section: "RFC 9113 section 10.5.1",
    asks: [POST],
    script: answering((peer, streamId) => {
      const block = frames.headers(streamId).response(200);
      for (let count = 0; count < 2_000; count++) block.field("a", "");
      return peer.send(block, body(streamId));
    }),
    outcome: either(failed("PROTOCOL_ERROR", "CONNECTION_LOST"), answered()),
    mostRequests: 1,
  },
  {
    id: "fields-of-a-bomb",
    does: "refers to a table entry of 4,000 octets 4,000 times in one small field block",
    section: "RFC 7541 section 7.3",
    asks: [POST],
    script: answering((peer, streamId) => peer.send(frames.headers(streamId).block(BOMB), body(streamId))),
    outcome: either(failed("PROTOCOL_ERROR", "CONNECTION_LOST"), answered()),
    mostRequests: 1,
  },
];

const LITERAL_INCREMENTAL = [0x40, 0x01, 0x78, 0x7f, 0xa1, 0x1e];

/** `:status: 200`, a field of 4,000 octets that enters the table, and references to it. */
const BOMB: Uint8Array = new Uint8Array([
  0x88,
  ...LITERAL_INCREMENTAL,
  ...new Uint8Array(4_000).fill(0x79),
  ...new Uint8Array(4_000).fill(0xbe),
]);
