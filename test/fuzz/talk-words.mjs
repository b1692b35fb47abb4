import { frame, TYPE, text, uint32 } from "./wire-frames.mjs";

/** What `Talk` chooses from: fields, settings, and frames that are hints. */

export const PATHS = ["/", "/a", "/a?b=c", "/%20", `/${"p".repeat(300)}`];

export const FIELDS = [
  ["accept-encoding", "gzip, deflate"],
  ["content-length", "5"],
  ["content-length", "0"],
  ["cookie", "a=b"],
  ["cookie", "c=d"],
  ["te", "trailers"],
  ["priority", "u=1, i"],
  ["priority", "u=9"],
  ["host", "a"],
  ["x-long", "y".repeat(500)],
  ["x-latin", "\u00e9\u00ff"],
  ["x", ""],
  ["__proto__", "1"],
  ["http2-settings", "AAMAAABk"],
  ["trailer", "x"],
  ["expect", "100-continue"],
  ["cache-control", "no-cache"],
];

export const BAD_FIELDS = [
  ["X", "upper"],
  ["", "nameless"],
  ["a b", "blank"],
  ["x", "a\nb"],
  ["x", "a\0b"],
  ["x", " a"],
  ["x", "a\t"],
  ["connection", "close"],
  ["transfer-encoding", "chunked"],
  ["te", "gzip"],
  [":method", "GET"],
  [":path", ""],
  [":path", "a"],
  [":scheme", "https"],
  [":authority", "user@a"],
  [":authority", "b"],
  [":status", "101"],
  [":status", "20"],
  [":status", "200"],
  [":unknown", "x"],
  [":protocol", "x"],
  ["content-length", "-1"],
  ["content-length", "99999999999999999999"],
  ["content-length", "5, 5"],
  ["host", "c"],
];

export const SETTINGS = [
  [1, 0],
  [1, 100],
  [1, 4_096],
  [1, 65_536],
  [2, 0],
  [3, 0],
  [3, 1],
  [3, 100],
  [4, 0],
  [4, 1],
  [4, 20],
  [4, 65_535],
  [4, 1_000_000],
  [5, 16_384],
  [5, 20_000],
  [5, 16_777_215],
  [6, 0],
  [6, 16_384],
  [8, 1],
  [9, 1],
  [0x1a1a, 7],
];

export const ASIDES = [
  (streamId, random) => frame(TYPE.PRIORITY, 0, streamId, [...uint32(random.pick([0, 11, 0x80000000])), 200]),
  (_, random) =>
    frame(random.pick([0x0b, 0x21, 0xfa]), random.below(256), random.pick([0, 1, 99]), random.octets(5)),
  (streamId, random) =>
    frame(TYPE.PRIORITY_UPDATE, 0, 0, [
      ...uint32(streamId),
      ...text(random.pick(["u=0", "u=7, i", "i=?0", "", "u=x"])),
    ]),
  () => frame(TYPE.ALTSVC, 0, 0, [0, 9, ...text('https://ah2=":1"')]),
  (streamId) => frame(TYPE.ALTSVC, 0, streamId, [0, 0, ...text("clear")]),
  (_, random) => frame(TYPE.ORIGIN, random.pick([0, 0, 1]), 0, [0, 9, ...text("https://a"), 0, 0]),
];
