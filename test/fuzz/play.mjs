import { retained, stateText } from "./state.mjs";
import { joined } from "./wire-frames.mjs";

/**
 * Plays a script and says what went wrong, or null. `opened` is what `openedEngine` gives.
 *
 * These rules hold for any script: nothing but errors of ours is thrown, and only by calls; no fault is our own; how the
 * octets are cut changes nothing; nothing is told behind the end of the connection; a call that is refused changes
 * nothing; what is sent can be read, and its reader has the same table as our encoder; memory stays bounded.
 */
export function failureOf(opened, script, cutsOf) {
  return judged(opened, script, cutsOf, true).failure;
}

/** The same, and what was told, in a few words an event. Comparing all of the state costs more than all the rest. */
export function judged(opened, script, cutsOf, comparesState) {
  try {
    const whole = play(opened, script, (octets) => [octets.slice()], { isThorough: true, comparesState });
    if (whole.failure !== null) return { failure: whole.failure, told: [] };
    for (const cut of cutsOf) {
      const again = play(opened, script, cut, { isThorough: false, comparesState: false });
      const failure = again.failure ?? difference(whole, again);
      if (failure !== null) return { failure, told: [] };
    }
    return { failure: outcomeFailure(script, whole.told), told: whole.told };
  } catch (thrown) {
    return { failure: `throw: ${thrown?.stack ?? String(thrown)}`, told: [] };
  }
}

/** Cuts octets at chance places, into chunks of their own memory. */
export function chanceCuts(random) {
  return (octets) => {
    const places = Array.from({ length: random.between(1, 6) }, () => random.below(octets.length + 1));
    const ends = [...places.sort((one, other) => one - other), octets.length];
    return ends.map((end, index) => octets.slice(index === 0 ? 0 : ends[index - 1], end));
  };
}

/** Cuts octets into single ones, or into equal parts where there are very many. */
export function equalCuts(octets) {
  const length = Math.max(1, Math.ceil(octets.length / 3_000));
  const count = Math.ceil(octets.length / length);
  return Array.from({ length: count }, (_, index) => octets.slice(index * length, (index + 1) * length));
}

function play(opened, script, cut, { isThorough, comparesState }) {
  const clock = { now: 0 };
  const engine = new opened.H2Connection(optionsOf(script, clock));
  // Who does not begin with the preface sends what nobody can read.
  const begins = script.steps[0]?.call?.[0] === "initiateConnection";
  const reader = isThorough && begins ? new OutputReader(opened, engine) : null;
  const told = [];
  const answers = [];
  let isOver = false;
  let queued = 0;
  for (const step of script.steps) {
    const events = [];
    let refusal = "";
    if (step.call === undefined) {
      for (const chunk of cut(step.octets)) {
        const more = engine.receiveData(chunk);
        if (isOver && more.length > 0) return { failure: "told: events behind the end of the connection" };
        for (const event of more) {
          events.push(JSON.stringify(event, plain));
          told.push(shortly(event, opened));
          isOver ||= isEnd(event);
        }
        chunk.fill(0xa5);
      }
    } else {
      queued += octetsIn(step.call);
      const done = attempt(opened, engine, step.call, clock, comparesState);
      if (done.failure !== null) return done;
      refusal = done.refusal;
      for (const event of done.events) told.push(shortly(event, opened));
    }
    if (isOver && told.at(-1).includes("INTERNAL_ERROR")) return { failure: `internal: ${events.at(-1)}` };
    const sent = joined(engine.takeChunks());
    const isMeasured = isThorough && (step.octets?.length > 2_000 || step === script.steps.at(-1));
    const failure = reader?.failureIn(sent) ?? (isMeasured ? memoryFailure(engine, queued) : null);
    if (failure !== null) return { failure };
    answers.push({ events, refusal, sent });
  }
  return { failure: null, answers, told };
}

function optionsOf({ role, options }, clock) {
  const { clock: hasClock, observer, ...others } = options;
  return {
    ...others,
    clientSide: role === "client",
    ...(hasClock ? { clock: () => clock.now } : {}),
    ...(observer ? { observer: { frame() {} } } : {}),
  };
}

/** Makes one call. A refused one must have left everything as it was. */
function attempt(opened, engine, [name, ...values], clock, comparesState) {
  if (name === "nothing") return { failure: null, refusal: "", events: [] };
  if (name === "tick") {
    clock.now += values[0];
    return { failure: null, refusal: "", events: engine.handleDeadline() };
  }
  const before = comparesState ? stateText(engine) : "";
  try {
    const result = engine[name](...values.map(revived));
    return { failure: null, refusal: "", events: name === "takeEvents" ? result : [] };
  } catch (error) {
    if (!isOurs(opened, error)) return { failure: `call: ${name} threw ${error?.stack ?? String(error)}` };
    if (comparesState && stateText(engine) !== before)
      return { failure: `refused: ${name} was refused, but ${changed(before, stateText(engine))}` };
    return { failure: null, refusal: String(error), events: [] };
  }
}

/** Errors that a caller is promised: ours, and TypeError and RangeError with a text of ours. */
function isOurs({ H2Error }, error) {
  if (error instanceof H2Error) return true;
  const isPlain = error instanceof TypeError || error instanceof RangeError;
  return (
    isPlain &&
    !/^Cannot |^Invalid |is not (a function|iterable|a constructor)|undefined|call stack/.test(error.message)
  );
}

function changed(before, after) {
  const old = new Set(before.split("\n"));
  return `changed ${after
    .split("\n")
    .filter((line) => !old.has(line))
    .slice(0, 3)
    .join(", ")
    .slice(0, 300)}`;
}

function revived(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  if ("octets" in value) return new Uint8Array(value.octets).fill(0x71);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revived(member)]));
}

function octetsIn([name, ...values]) {
  return name === "queueData" || name === "sendData" ? (values[1]?.octets ?? 0) : 0;
}

/** Reads what the engine sends, with a table of its own. */
class OutputReader {
  #engine;
  #reader;
  #decoder;
  #fragments;

  constructor({ frames, hpack }, engine) {
    const off = Number.POSITIVE_INFINITY;
    this.#engine = engine;
    this.#reader = new frames.FrameReader(0xffffff, engine.config.clientSide);
    this.#decoder = new hpack.Decoder({
      maxListSize: off,
      maxFields: off,
      hardListSize: off,
      hardFields: off,
    });
    this.#decoder.setMaxTableSize(0xffffffff);
    this.#fragments = [];
  }

  failureIn(octets) {
    try {
      this.#reader.push(octets);
      for (let frame = this.#reader.next(); frame !== null; frame = this.#reader.next()) this.#read(frame);
      this.#reader.detach();
    } catch (fault) {
      return `output: ${fault.reason ?? fault.stack ?? String(fault)}`;
    }
    return this.#hasEqualTables() ? null : "output: the encoder's table is not the one that its blocks make";
  }

  #read(frame) {
    if (!("fragment" in frame)) return;
    this.#fragments.push(frame.fragment.slice());
    if (!frame.endHeaders) return;
    this.#decoder.decode(joined(this.#fragments));
    this.#fragments = [];
  }

  /** A change of its bound that no block told of yet may have emptied the encoder's table before the other one. */
  #hasEqualTables() {
    const encoder = this.#engine._output._encoder;
    if (encoder._updateDue) return true;
    const ours = encoder.dynamicTable;
    const theirs = this.#decoder.dynamicTable;
    if (ours.length !== theirs.length || encoder.tableMaxSize !== this.#decoder.tableMaxSize) return false;
    return ours.every(
      ({ name, value }, index) => name === theirs[index].name && value === theirs[index].value,
    );
  }
}

/** A frame, a field block, tables, and what the writer keeps for the next turn; far below what a flood would leave. */
const MOST_MEMORY = 600_000;

function memoryFailure(engine, queued) {
  const { maxFrameSize, maxHeaderListSize = 0 } = engine.localSettings;
  const most =
    MOST_MEMORY + queued + 3 * Math.max(0, maxFrameSize - 16_384) + 3 * Math.min(maxHeaderListSize, 100_000);
  const size = retained(engine);
  return size <= most ? null : `memory: ${size} octets are kept, more than ${most}`;
}

function difference(whole, again) {
  for (const [index, answer] of whole.answers.entries()) {
    const other = again.answers[index];
    const place = `step ${index + 1}`;
    if (answer.refusal !== other.refusal) return `cuts: ${place}: "${answer.refusal}" or "${other.refusal}"`;
    const at = answer.events.findIndex((event, position) => event !== other.events[position]);
    if (at >= 0 || answer.events.length !== other.events.length) {
      return `cuts: ${place}: event ${at}: ${answer.events.at(at)} or ${other.events[at] ?? other.events.at(-1)}`;
    }
    if (Buffer.compare(answer.sent, other.sent) !== 0) return `cuts: ${place}: other octets are sent`;
  }
  return null;
}

function outcomeFailure({ outcome }, told) {
  if (outcome === undefined) return null;
  const end = told.slice(-outcome.split("; ").length).join("; ");
  return end === outcome ? null : `outcome: "${end}" instead of "${outcome}"`;
}

function isEnd(event) {
  return event.type === "ConnectionTerminated" && event.initiator === "local";
}

/** An event in a few words: `StreamReset 1 PROTOCOL_ERROR RFC 9113 section 8.1`. */
function shortly(event, { errorCodeName }) {
  const words = [event.type];
  if (event.streamId !== undefined) words.push(event.streamId);
  if (event.errorCode !== undefined) words.push(errorCodeName(event.errorCode));
  if (event.type === "ConnectionTerminated") words.push(event.initiator);
  if (event.error?.section !== undefined) words.push(`(${event.error.section})`);
  return words.join(" ");
}

function plain(_key, value) {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
  return value instanceof Map ? [...value] : value;
}
