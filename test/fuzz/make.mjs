import { call, GET } from "./calls.mjs";
import { meddle } from "./mutation.mjs";
import { Talk } from "./talk.mjs";
import { joined, octetsOf, PREFACE } from "./wire-frames.mjs";

/**
 * Makes a script: a conversation that is legal at first, with calls of the application in between, and then in most
 * cases something is done to its frames, or to the octets that they became.
 */
export function makeScript(role, random) {
  const turns = makeTurns(role, random);
  if (!random.once(4)) {
    for (let count = random.pick([1, 1, 2, 3, 6]); count > 0; count--)
      meddle(random.pick(turns).frames, random);
  }
  return scriptOf(role, makeOptions(random), turns, random);
}

/** The script of another one, changed in its octets and calls. */
export function changedScript({ role, options, steps }, other, random) {
  const changed = steps.slice();
  const place = random.below(changed.length);
  const chance = random.below(5);
  if (chance === 0) changed.splice(place, 1);
  else if (chance === 1) changed.splice(place, 0, random.pick(other.role === role ? other.steps : steps));
  else if (chance === 2) changed.splice(place, 0, { call: call(role, [1, 2, 3, 5], random) });
  else if (chance === 3)
    changed.splice(place, changed.length - place, ...changed.slice(random.below(changed.length)));
  else changed[place] = damaged(changed[place], random);
  // A second preface is the caller's mistake where `strictStart` lets it through: nobody can read what follows.
  const isAgain = ({ call: made }, index) => index > 0 && made?.[0] === "initiateConnection";
  const legal = changed.filter((step, index) => !isAgain(step, index));
  return { role, options: random.once(8) ? makeOptions(random) : options, steps: legal };
}

function makeTurns(role, random) {
  const talk = new Talk(role, random);
  if (role === "client") talk.opened(1);
  const first = random.once(12) ? [] : [...talk.settings(), ...(random.once(4) ? [] : talk.settingsAck())];
  const turns = [{ frames: first, call: null }];
  for (let count = random.pick([0, 1, 2, 4, 8, 16]); count > 0; count--) {
    const frames = [];
    for (let said = random.pick([1, 1, 2, 3, 5]); said > 0; said--) frames.push(...talk.say());
    if (random.once(30)) frames.push(...flood(frames, random));
    const isCalled = random.once(2);
    turns.push({ frames, call: isCalled ? call(role, talk.known.slice(-4), random) : null });
  }
  return turns;
}

/** One short frame, as often as a flood has it. */
function flood(frames, random) {
  const one = random.pick(frames);
  if (one.payload.length > 100) return [];
  return Array.from({ length: random.pick([101, 1_100, 2_200]) }, () => ({ ...one }));
}

function scriptOf(role, options, turns, random) {
  const steps = [];
  if (!random.once(50)) steps.push({ call: ["initiateConnection"] });
  if (role === "client" && !random.once(10))
    steps.push({ call: ["sendHeaders", 1, GET, { endStream: random.once(2) }] });
  for (const [index, { frames, call }] of turns.entries()) {
    const parts = frames.map(octetsOf);
    if (index === 0 && role === "server") parts.unshift(PREFACE);
    const step = { octets: joined(parts) };
    if (step.octets.length > 0) steps.push(random.once(12) ? damaged(step, random) : step);
    if (call !== null) steps.push({ call });
  }
  return { role, options, steps };
}

/** The step with octets changed, lost or added. */
function damaged(step, random) {
  if (step.call !== undefined || step.octets.length === 0) return step;
  const octets = step.octets.slice();
  const place = random.below(octets.length);
  if (random.once(3)) return { octets: octets.slice(0, place) };
  if (random.once(3))
    return { octets: joined([octets.subarray(0, place), random.octets(3), octets.subarray(place)]) };
  octets[place] = random.once(2) ? random.below(256) : octets[place] ^ (1 << random.below(8));
  return { octets };
}

/** Options that change what the engine does with what it receives; each is there in some scripts. */
function makeOptions(random) {
  const options = {};
  if (random.once(3)) return options;
  for (const [name, values] of OPTIONS) if (random.once(6)) options[name] = random.pick(values);
  return options;
}

const BOOLEAN = [true, false];
const OPTIONS = [
  ["escalateStreamErrors", [true]],
  ["validateInboundHeaders", [false]],
  ["validateOutboundHeaders", [false]],
  ["normalizeInboundHeaders", [false]],
  ["normalizeOutboundHeaders", [false]],
  ["splitOutboundCookies", [true]],
  ["headerEncoding", ["utf-8"]],
  ["strictStart", BOOLEAN],
  ["sendDebugData", BOOLEAN],
  ["connectionWindowSize", [70_000, 1_000_000]],
  ["sendBufferLowWaterMark", [0, 10]],
  // Not options of an engine: who plays the script puts a clock or an observer in their place.
  ["clock", [true]],
  ["observer", [true]],
  [
    "initialSettings",
    [
      { 1: 0 },
      { 1: 100 },
      { 1: 20_000 },
      { 2: 0 },
      { 3: 1 },
      { 4: 0 },
      { 4: 10 },
      { 4: 1_000_000 },
      { 5: 20_000 },
      { 6: 200 },
      { 8: 1 },
      { 9: 1 },
    ],
  ],
  [
    "limits",
    [
      { closedStreams: 0 },
      { closedStreams: 1, fields: 6, fieldsHard: 12 },
      { continuationFrames: 1 },
      { fieldBlockOctets: 100 },
      { unsentAcknowledgements: 3, windowUpdates: 2 },
      { uselessFrames: { burst: 5, perSecond: 1 }, emptyData: { burst: 1, perSecond: 1 } },
      { resetsReceived: { burst: 2, perSecond: 1 }, resetsProvoked: { burst: 2, perSecond: 1 } },
      { reservedStreams: 1, earlyPriorities: 1, interimResponses: 1 },
      { encoderTableSize: 0 },
      { encoderTableSize: 200 },
    ],
  ],
];
