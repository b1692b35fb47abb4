// What checking and preparing field lists costs, in nanoseconds a call: node bench/micro/fields.mjs (after npm run build).
import { MessageFacts } from "../../dist/fields/message-facts.js";
import { MessageKind } from "../../dist/fields/message-kind.js";
import { prepareOutbound } from "../../dist/fields/normalize.js";
import { parsePriority } from "../../dist/fields/priority.js";
import { checkFields, checkOutboundFields, DEFAULT_FIELD_RULES } from "../../dist/fields/validate.js";
import { HeaderField } from "../../dist/hpack/header-field.js";

const ROUNDS = 200;
const CALLS = 5_000;

const REQUEST = [
  [":method", "GET"],
  [":scheme", "https"],
  [":path", "/index.html?page=2"],
  [":authority", "www.example.org"],
  ["user-agent", "curl/8.5.0"],
  ["accept", "*/*"],
];
const SHORT_RESPONSE = [
  [":status", "200"],
  ["content-type", "text/plain"],
  ["content-length", "13"],
];
const LONG_RESPONSE = [
  [":status", "200"],
  ["date", "Tue, 15 Nov 1994 08:12:31 GMT"],
  ["content-type", "text/html; charset=utf-8"],
  ["content-length", "48213"],
  ["server", "nginx"],
  ["cache-control", "public, max-age=3600, stale-while-revalidate=60"],
  ["etag", '"5f3c-61d2a9b7c4e80"'],
  ["vary", "accept-encoding, origin"],
  ["last-modified", "Mon, 14 Nov 1994 21:02:11 GMT"],
  ["strict-transport-security", "max-age=31536000; includeSubDomains; preload"],
  ["x-request-id", "0b7f1d52-98f3-4f0e-bb1c-6b5d0b4f2c17"],
  ["set-cookie", "session=p1q7Zr0XcN3mT8yVbK2e; Path=/; HttpOnly; Secure; SameSite=Lax"],
];
const CAPITALS = LONG_RESPONSE.map(([name, value]) => [
  name.replace(/\b[a-z]/g, (first) => first.toUpperCase()),
  value,
]);

const facts = new MessageFacts();
const fieldsOf = (pairs) => pairs.map(([name, value]) => new HeaderField(name, value));
const outbound = { normalize: true, splitCookies: false };
const tableHits = fieldsOf(REQUEST);
const readyFields = fieldsOf(SHORT_RESPONSE);

measure("checkFields: 6 request fields, all table hits", () => {
  return checkFields(tableHits, MessageKind.REQUEST, facts, DEFAULT_FIELD_RULES);
});
measure("checkFields: the same, 1 seen for the first time", () => {
  tableHits[2].verdict = 0;
  return checkFields(tableHits, MessageKind.REQUEST, facts, DEFAULT_FIELD_RULES);
});
measure("checkFields: the same, all seen for the first time", () => {
  for (const field of tableHits) field.verdict = 0;
  return checkFields(tableHits, MessageKind.REQUEST, facts, DEFAULT_FIELD_RULES);
});
measure("prepareOutbound: 3 constant pairs", () => prepareOutbound(SHORT_RESPONSE, outbound));
measure("prepareOutbound: 3 constant HeaderFields", () => prepareOutbound(readyFields, outbound));
measure("prepareOutbound: 12 response pairs", () => prepareOutbound(LONG_RESPONSE, outbound));
measure("prepareOutbound: 12 response pairs, Capital-Names", () => prepareOutbound(CAPITALS, outbound));
measure("prepareOutbound and checkOutboundFields: 3 pairs", () => {
  return checkOutboundFields(
    prepareOutbound(SHORT_RESPONSE, outbound),
    MessageKind.RESPONSE,
    facts,
    DEFAULT_FIELD_RULES,
  );
});
measure('parsePriority: "u=1, i"', () => parsePriority("u=1, i"));
measure('parsePriority: "u=1, i, x=(1 2);y"', () => parsePriority("u=1, i, x=(1 2);y"));

/** The best of many short rounds: whatever else the machine does can only add to a time. */
function measure(title, call) {
  let best = Number.POSITIVE_INFINITY;
  let results = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (let count = 0; count < CALLS; count++) if (call() !== undefined) results++;
    best = Math.min(best, Number(process.hrtime.bigint() - start) / CALLS);
  }
  if (results !== ROUNDS * CALLS) throw new Error(`${title}: a call gave no result`);
  console.log(`${best.toFixed(1).padStart(8)} ns  ${title}`);
}
