import { H2Connection, type H2Event, type H2Options } from "../../src/index.ts";
import { octetsOfLine, unhex } from "./frame-octets.ts";
import { FrameText } from "./frame-text.ts";
import { errorOf, isSetting, type Line, numberOf, parseLine, settingsOf, wordValue } from "./frame-words.ts";
import { ascii, frames, joined } from "./frames.ts";
import { told } from "./told.ts";
import { hexOf, type Step, type Transcript } from "./transcript.ts";

/** What the peer sends for a start. The engine reads it where it lies and changes nothing. */
const SERVER_START = joined(frames.settings(), frames.settingsAck());
const CLIENT_START = joined(frames.preface(), SERVER_START);

/** Lines `event ...` and `out ...`, step by step or for several steps at once. */
export type Answer = readonly string[];

/** An engine under a transcript, with what it said and sent so far. */
export class Replay {
  readonly #engine: H2Connection;
  readonly #text: FrameText;
  #events: string[];
  #octets: Uint8Array[];
  /** Milliseconds, if the engine has a clock. */
  #now: number;

  constructor({ role, options, isStarted }: Transcript) {
    this.#now = 0;
    const line = parseLine(`- ${options}`);
    this.#engine = new H2Connection({
      ...optionsOf(line),
      clientSide: role === "client",
      clock: line.words.has("clock") ? () => this.#now : null,
    });
    this.#text = new FrameText({ showsBlocks: false });
    this.#events = [];
    this.#octets = [];
    if (!isStarted) return;
    this.#engine.initiateConnection();
    this.receive(role === "server" ? CLIENT_START : SERVER_START);
    this.take();
  }

  /** Hands over one chunk. */
  receive(chunk: Uint8Array): void {
    this.#note(this.#engine.receiveData(chunk));
  }

  /** Hands over octets, cut at these places. */
  receiveCut(octets: Uint8Array, places: readonly number[]): void {
    const ends = [...places, octets.length];
    for (const [index, end] of ends.entries()) {
      this.receive(octets.slice(index === 0 ? 0 : ends[index - 1], end));
    }
  }

  /** Does what a `do` line says. */
  command(text: string): void {
    const line = parseLine(text);
    if (line.name === "wait") {
      this.#now += numberOf(line, "milliseconds", 0);
      this.#note(this.#engine.handleDeadline());
      return;
    }
    const act = COMMANDS[line.name];
    if (act === undefined) throw new Error(`no command: ${text}`);
    act(this.#engine, line);
    this.#note(this.#engine.takeEvents());
  }

  /** What was said and sent since the last call. */
  take(): Answer {
    const sent = framesOf(joined(...this.#octets)).map((octets) => this.#text.line(octets));
    const answer = [...this.#events, ...sent.map((line) => `out ${line.replace(/ debug=".*"$/, "")}`)];
    this.#events = [];
    this.#octets = [];
    return answer;
  }

  #note(events: readonly H2Event[]): void {
    for (const event of events) this.#events.push(`event ${eventLine(event)}`);
    const octets = this.#engine.dataToSend();
    if (octets.length > 0) this.#octets.push(octets);
  }
}

/** The steps of a case as they come out frame by frame, octets and readable form filled in where they were not. */
export function replayed(transcript: Transcript): Step[] {
  const replay = new Replay(transcript);
  const peer = new FrameText({ showsBlocks: true });
  return transcript.steps.map((step): Step => {
    if (step.kind === "do") {
      replay.command(step.text);
      return { ...step, answer: replay.take() };
    }
    const octets = octetsOf(step);
    const isFrame = !/^(OCTETS|PREFACE)\b/.test(step.text);
    replay.receive(octets.slice());
    const text = isFrame ? peer.line(octets) : step.text;
    return { ...step, text, hex: hexOf(octets, isFrame), answer: replay.take() };
  });
}

/** The octets of a step: those in the file, or those that its readable form stands for. */
export function octetsOf(step: Step): Uint8Array {
  if (step.kind !== "in") throw new Error("nothing is received here");
  return step.hex === "" ? octetsOfLine(step.text) : unhex(step.hex);
}

/** What the frames that were sent mean for the peer, such as `stream error CANCEL on stream 1`. */
export function verdictOf(steps: readonly Step[]): string {
  const sent = steps.filter(isPeersDoing).flatMap(({ answer }) => answer);
  const verdicts = sent.flatMap((line) => {
    const reset = /^out RST_STREAM stream=(\d+) error=(\S+)$/.exec(line);
    if (reset !== null) return [`stream error ${reset[2]} on stream ${reset[1]}`];
    const end = /^out GOAWAY last=(\d+) error=(\S+)$/.exec(line);
    return end === null || end[2] === "NO_ERROR" ? [] : [`connection error ${end[2]}, last stream ${end[1]}`];
  });
  return verdicts.length === 0 ? "no error" : verdicts.join("; then ");
}

/** What came, and what did not come in time. */
function isPeersDoing({ kind, text }: Step): boolean {
  return kind === "in" || text.startsWith("wait ");
}

function eventLine(event: H2Event): string {
  const [line = ""] = told([event]);
  const error = "error" in event ? event.error : null;
  return error === null ? line : `${line} (${error.section})`;
}

/** Cuts what was sent into frames; the preface of a client is one piece. */
function framesOf(octets: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const preface = frames.preface().length;
  let position = 0;
  while (position < octets.length) {
    const [high = 0, middle = 0, low = 0] = octets.subarray(position);
    const isPreface = octets[position] === 0x50 && octets[position + 1] === 0x52;
    const length = isPreface ? preface : 9 + high * 0x10000 + middle * 0x100 + low;
    pieces.push(octets.subarray(position, position + length));
    position += length;
  }
  return pieces;
}

function optionsOf(line: Line): H2Options {
  const options: Record<string, unknown> = { initialSettings: settingsOf(line) };
  for (const [name, value] of line.values) if (!isSetting(name)) setOption(options, name.split("."), value);
  return options as H2Options;
}

/** Sets `limits.emptyData.burst` and the like; what is no number or the like is text. */
function setOption(options: Record<string, unknown>, path: readonly string[], value: string): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    options[name] = /^(\d+|true|false|null)$/.test(value) ? (JSON.parse(value) as unknown) : value;
    return;
  }
  options[name] ??= {};
  setOption(options[name] as Record<string, unknown>, rest, value);
}

/** The commands of `do` lines. */
const COMMANDS: Readonly<Record<string, (engine: H2Connection, line: Line) => void>> = {
  initiateConnection: (engine) => engine.initiateConnection(),
  initiateUpgradeConnection: (engine, line) => {
    engine.initiateUpgradeConnection(wordValue(line, "settings") ?? null);
  },
  sendHeaders: (engine, line) => engine.sendHeaders(streamOf(line), line.fields ?? [], endOf(line)),
  sendData: (engine, line) => engine.sendData(streamOf(line), ascii(line.texts.join("")), endOf(line)),
  queueData: (engine, line) => {
    engine.queueData(streamOf(line), ascii(line.texts.join("")), endOf(line));
  },
  endStream: (engine, line) => engine.endStream(streamOf(line)),
  resetStream: (engine, line) => engine.resetStream(streamOf(line), { errorCode: errorOf(line) }),
  pushStream: (engine, line) =>
    engine.pushStream(streamOf(line), numberOf(line, "promised", 0), line.fields ?? []),
  ping: (engine, line) => engine.ping(unhex(wordValue(line, "data") ?? "")),
  updateSettings: (engine, line) => engine.updateSettings(settingsOf(line)),
  acknowledgeReceivedData: (engine, line) =>
    engine.acknowledgeReceivedData(numberOf(line, "length", 0), streamOf(line)),
  incrementFlowControlWindow: (engine, line) =>
    engine.incrementFlowControlWindow(
      numberOf(line, "increment", 0),
      streamOf(line) === 0 ? {} : { streamId: streamOf(line) },
    ),
  sendInformational: (engine, line) =>
    engine.sendInformational(streamOf(line), numberOf(line, "status", 0), line.fields ?? []),
  prioritize: (engine, line) =>
    engine.prioritize(streamOf(line), {
      weight: numberOf(line, "weight", 16),
      dependsOn: numberOf(line, "dependsOn", 0),
    }),
  sendPriorityUpdate: (engine, line) =>
    engine.sendPriorityUpdate(streamOf(line), {
      urgency: numberOf(line, "urgency", 3),
      incremental: line.words.has("incremental"),
    }),
  advertiseAlternativeService: (engine, line) => {
    const origin = wordValue(line, "origin");
    const place = origin === undefined ? { streamId: streamOf(line) } : { origin };
    engine.advertiseAlternativeService(wordValue(line, "value") ?? "", place);
  },
  advertiseOrigins: (engine, line) => engine.advertiseOrigins(line.texts),
  closeConnection: (engine, line) => engine.closeConnection({ errorCode: errorOf(line) }),
  shutdown: (engine) => engine.shutdown(),
  // What there is to send is taken behind every step; this sets two steps apart.
  dataToSend: () => undefined,
};

function streamOf(line: Line): number {
  return numberOf(line, "stream", 0);
}

function endOf(line: Line): { endStream: boolean } {
  return { endStream: line.words.has("END_STREAM") };
}
