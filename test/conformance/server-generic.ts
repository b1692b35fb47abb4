import { frames } from "../support/frames.ts";
import { bodiless, pingAnswered, pingAnsweredOrClosed, response, see } from "./demands.ts";
import type { Requests, ServerCase } from "./server-case.ts";

const CANCEL = 8;

/** First octet and bits of the index. */
const KINDS: readonly (readonly [kind: string, first: number, bits: number])[] = [
  ["a literal for the table", 0x40, 6],
  ["a literal that stays out of the table", 0x00, 4],
  ["a literal that is never indexed", 0x10, 4],
];

/** accept-encoding: gzip, deflate; and the index of user-agent in the static table. */
const INDEXED_FIELD = 0x90;
const USER_AGENT = 58;
/** `custom-key` and `www.example.com`, as they are and in Huffman code. */
const NAME = [0x0a, ...octets("custom-key")];
const VALUE = [0x0f, ...octets("www.example.com")];
const CODED_NAME = [0x88, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xa9, 0x7d, 0x7f];
const CODED_VALUE = [0x8c, 0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff];

/** What every server has to take: legal frames in each state, and requests in each form. */
export const GENERIC: readonly ServerCase[] = [
  {
    rule: "answers a client's preface with SETTINGS (RFC 9113 section 3.4)",
    isFromStart: true,
    talk: () => [frames.preface(), frames.settings(), see(/^SETTINGS (?!ACK)/), see(/^SETTINGS ACK/)],
  },
  {
    rule: "takes PRIORITY on an idle stream (RFC 9113 section 5.1)",
    talk: () => [frames.priority(1, { weight: 256 }), pingAnswered],
  },
  {
    rule: "takes WINDOW_UPDATE on a half-closed (remote) stream (RFC 9113 section 5.1)",
    talk: (client) => [client.get(1), frames.windowUpdate(1, 1), response(1), pingAnswered],
  },
  {
    rule: "takes PRIORITY on a half-closed (remote) stream (RFC 9113 section 5.1)",
    talk: (client) => [client.get(1), frames.priority(1), response(1), pingAnswered],
  },
  {
    rule: "takes RST_STREAM on a half-closed (remote) stream (RFC 9113 section 5.1)",
    talk: (client) => [client.get(1), frames.rstStream(1, CANCEL), pingAnswered],
  },
  {
    rule: "takes PRIORITY on a closed stream (RFC 9113 section 5.1)",
    talk: (client) => [client.get(1), response(1), frames.priority(1), pingAnswered],
  },

  {
    rule: "takes DATA (RFC 9113 section 6.1)",
    talk: (client) => [client.post(1), frames.data(1, "body").endStream(), response(1)],
  },
  {
    rule: "takes several DATA frames (RFC 9113 section 6.1)",
    talk: (client) => [
      client.post(1),
      frames.data(1, "body"),
      frames.data(1, "body").endStream(),
      response(1),
    ],
  },
  {
    rule: "takes DATA with padding (RFC 9113 section 6.1)",
    talk: (client) => [client.post(1), frames.data(1, "body").padded(20).endStream(), response(1)],
  },
  {
    rule: "takes HEADERS (RFC 9113 section 6.2)",
    talk: (client) => [client.get(1), response(1)],
  },
  {
    rule: "takes HEADERS with padding (RFC 9113 section 6.2)",
    talk: (client) => [client.get(1).padded(20), response(1)],
  },
  {
    rule: "takes HEADERS with priority (RFC 9113 section 6.2)",
    talk: (client) => [client.get(1).priority({ weight: 256, exclusive: true }), response(1)],
  },
  {
    rule: "takes PRIORITY of weight 1 (RFC 9113 section 6.3)",
    talk: (client) => [frames.priority(1, { weight: 1 }), client.get(1), response(1)],
  },
  {
    rule: "takes PRIORITY of weight 256 (RFC 9113 section 6.3)",
    talk: (client) => [frames.priority(1, { weight: 256 }), client.get(1), response(1)],
  },
  {
    rule: "takes PRIORITY that depends on another stream (RFC 9113 section 6.3)",
    talk: (client) => [
      frames.priority(1),
      frames.priority(3, { dependsOn: 1 }),
      client.get(1),
      client.get(3),
      response(3),
    ],
  },
  {
    rule: "takes exclusive PRIORITY (RFC 9113 section 6.3)",
    talk: (client) => [
      frames.priority(3, { dependsOn: 1, exclusive: true }),
      client.get(1),
      client.get(3),
      response(3),
    ],
  },
  {
    rule: "lets PRIORITY leave lower streams idle (RFC 9113 section 5.1.1)",
    talk: (client) => [frames.priority(5), client.get(3), response(3)],
  },
  {
    rule: "takes RST_STREAM (RFC 9113 section 6.4)",
    talk: (client) => [client.post(1), frames.rstStream(1, CANCEL), pingAnswered],
  },
  {
    rule: "takes SETTINGS (RFC 9113 section 6.5)",
    talk: () => [frames.settings([3, 100], [4, 65_535]), see(/^SETTINGS ACK/)],
  },
  {
    rule: "answers PING (RFC 9113 section 6.7)",
    talk: () => [pingAnswered],
  },
  {
    rule: "takes GOAWAY, and still answers or closes (RFC 9113 section 6.8)",
    talk: () => [frames.goaway(0), pingAnsweredOrClosed],
  },
  {
    rule: "takes WINDOW_UPDATE for the connection (RFC 9113 section 6.9)",
    talk: (client) => [frames.windowUpdate(0, 1), client.get(1), response(1)],
  },
  {
    rule: "takes WINDOW_UPDATE for a stream (RFC 9113 section 6.9)",
    talk: (client) => [client.post(1), frames.windowUpdate(1, 1), frames.data(1).endStream(), response(1)],
  },
  {
    rule: "takes CONTINUATION (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      frames.continuation(1).field("x-more", "1"),
      response(1),
    ],
  },
  {
    rule: "takes several CONTINUATION frames (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      frames.continuation(1).field("x-more", "1").withoutEndHeaders(),
      frames.continuation(1).field("x-more", "2"),
      response(1),
    ],
  },
  { rule: "answers GET (RFC 9113 section 8.1)", talk: (client) => [client.get(1), response(1)] },
  {
    rule: "answers HEAD without a body (RFC 9113 section 8.1)",
    talk: (client) => [client.request(1, "HEAD").endStream(), bodiless(1)],
  },
  {
    rule: "answers POST (RFC 9113 section 8.1)",
    talk: (client) => [client.post(1), frames.data(1, "body").endStream(), response(1)],
  },
  {
    rule: "answers POST with trailers (RFC 9113 section 8.1)",
    talk: (client) => [
      client.post(1),
      frames.data(1, "body"),
      client.fields(1, ["x-trailer", "1"]).endStream(),
      response(1),
    ],
  },

  ...representations(),
  {
    rule: "takes a change of the dynamic table's size (RFC 7541 section 6.3)",
    talk: (client) => [client.block(1, [0x3f, 0x61], []), response(1)],
  },
  {
    rule: "takes two changes of the dynamic table's size in one block (RFC 7541 section 4.2)",
    talk: (client) => [client.block(1, [0x20, 0x3f, 0x61], []), response(1)],
  },
];

/** Each way to write a field, behind those of a request (RFC 7541 section 6). */
function representations(): ServerCase[] {
  const forms: [string, number[]][] = [["an indexed field", [INDEXED_FIELD]]];
  for (const [kind, first, bits] of KINDS) {
    const most = 2 ** bits - 1;
    const indexed = USER_AGENT < most ? [first | USER_AGENT] : [first | most, USER_AGENT - most];
    forms.push([`${kind}, with an indexed name`, [...indexed, ...VALUE]]);
    forms.push([`${kind}, with an indexed name, in Huffman code`, [...indexed, ...CODED_VALUE]]);
    forms.push([`${kind}, with a new name`, [first, ...NAME, ...VALUE]]);
    forms.push([`${kind}, with a new name, in Huffman code`, [first, ...CODED_NAME, ...CODED_VALUE]]);
  }
  return forms.map(([form, block]) => ({
    rule: `takes ${form} (RFC 7541 section 6)`,
    talk: (client: Requests) => [client.block(1, [], block), response(1)],
  }));
}

function octets(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
