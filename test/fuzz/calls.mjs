/**
 * What an application does to its engine meanwhile, as lists that can be written down: the method and its arguments,
 * octets as `{ octets: length }`. Most are right somewhere; whether they are right now is for the engine to say.
 */
export function call(role, streams, random) {
  const streamId = random.once(5) ? random.pick([1, 2, 3, 4, 9, 0, -1]) : (random.pick(streams) ?? 1);
  const calls = role === "server" ? SERVER_CALLS : CLIENT_CALLS;
  return random.pick(calls)(streamId, random);
}

/** The request that a client under test begins with. */
export const GET = [
  [":method", "GET"],
  [":scheme", "https"],
  [":authority", "a"],
  [":path", "/"],
];

const HEADS = [
  [[":status", "200"]],
  [[":status", "204"]],
  [
    [":status", "103"],
    ["link", "<a>"],
  ],
  [
    [":status", "200"],
    ["x-long", "z".repeat(300)],
    ["content-length", "5"],
  ],
  [["x-trailer", "1"]],
  GET,
  [[":method", "HEAD"], ...GET.slice(1)],
  [
    [":method", "CONNECT"],
    [":authority", "a:1"],
  ],
  [[":method", "CONNECT"], [":protocol", "websocket"], ...GET.slice(1)],
  [...GET, ["cookie", "a=b; c=d"], ["authorization", "Basic YQ=="]],
  [["connection", "close"]],
  [["x", "a\nb"]],
  [],
];

const BOTH = [
  (id, random) => ["sendHeaders", id, random.pick(HEADS), { endStream: random.once(3) }],
  (id, random) => ["sendData", id, content(random), { endStream: random.once(4) }],
  (id, random) => ["sendData", id, content(random), { padLength: random.pick([0, 10, 255, 256]) }],
  (id, random) => ["queueData", id, content(random), { endStream: random.once(4) }],
  (id, random) => ["queueData", id, content(random), { endStream: random.once(4) }],
  (id) => ["endStream", id],
  (id, random) => ["resetStream", id, { errorCode: random.pick([0, 7, 8, 2 ** 32]) }],
  (id, random) => ["acknowledgeReceivedData", random.pick([0, 1, 5, 100, 1_000, 70_000, -1]), id],
  (id, random) => [
    "incrementFlowControlWindow",
    random.pick([1, 1_000, 2 ** 31 - 1]),
    random.once(2) ? {} : { streamId: id },
  ],
  (id, random) => ["setPriority", id, { urgency: random.below(9), incremental: random.once(2) }],
  (_, random) => [
    "updateSettings",
    { [random.pick([1, 3, 4, 5, 6, 2, 8])]: random.pick([0, 1, 100, 16_384, 70_000, 2 ** 31]) },
  ],
  (_, random) => ["updateSettings", { 4: random.pick([0, 1, 100, 65_535]) }],
  () => ["ping", { octets: 8 }],
  (id) => ["sendExtensionFrame", { type: 0xfa, streamId: id, payload: { octets: 5 } }],
  (_, random) => (random.once(4) ? ["shutdown"] : ["takeEvents"]),
  (_, random) => (random.once(6) ? ["closeConnection", { errorCode: random.pick([0, 0, 2]) }] : ["nothing"]),
  (_, random) => ["tick", random.pick([0, 1, 500, 10_000, 60_000])],
];
const SERVER_CALLS = [
  ...BOTH,
  (id, random) => ["sendHeaders", id, HEADS[random.below(4)], { endStream: random.once(3) }],
  (id, random) => ["sendHeaders", id, HEADS[0], { endStream: random.once(3) }],
  (id, random) => ["pushStream", id, random.pick([2, 4, 6, 8, 10, 3]), GET],
  (id) => ["advertiseAlternativeService", "clear", { streamId: id }],
  () => ["advertiseOrigins", ["https://a"]],
];
const CLIENT_CALLS = [
  ...BOTH,
  (id) => ["sendPriorityUpdate", id, { urgency: 1, incremental: true }],
  (id, random) => ["prioritize", id, { weight: 5, dependsOn: random.pick([0, 1, 3]) }],
];

function content(random) {
  return { octets: random.pick([0, 1, 5, 100, 100, 1_500, random.pick([16_384, 20_000, 70_000])]) };
}
