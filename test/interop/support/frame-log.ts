import {
  errorCodeName,
  type Frame,
  type FrameObserver,
  type HeaderField,
  settingName,
} from "../../../src/index.ts";

/**
 * Frames of one connection as both ends tell of them, a line each, in one language, such as
 *
 *     HEADERS length=65 flags=0x4 stream=13 pad=0 | :status: 200 | server: nghttpd
 *
 * so that what libnghttp2 logs can be held against what our engine's observer sees, frame by frame and field by field.
 * A field block with CONTINUATION is one line on both sides, as libnghttp2 has it.
 */
export interface FrameLog {
  readonly sent: readonly string[];
  readonly received: readonly string[];
}

/**
 * What we sent, without what libnghttp2 drops before it is logged: WINDOW_UPDATE on a stream that it had finished with
 * (RFC 9113 section 5.1), and PRIORITY where it switched these off (RFC 9218 section 2.1).
 */
export function withoutDropped(sent: readonly string[], log: FrameLog): string[] {
  const takesNoPriority = log.sent.some((line) => line.includes("NO_RFC7540_PRIORITIES=1"));
  const seen = log.received.filter(isStreamUpdate);
  return sent.filter((line) => {
    if (line.startsWith("PRIORITY ")) return !takesNoPriority;
    if (!isStreamUpdate(line)) return true;
    if (seen[0] !== line) return !hasEnded(line, log);
    seen.shift();
    return true;
  });
}

function isStreamUpdate(line: string): boolean {
  return line.startsWith("WINDOW_UPDATE ") && !/ stream=0 /.test(line);
}

/** Whether the stream of this line was ended by the other end. */
function hasEnded(line: string, { sent }: FrameLog): boolean {
  const stream = / stream=\d+ /.exec(line)?.[0] ?? "";
  const isEnd = /^(DATA|HEADERS) length=\d+ flags=0x[0-9a-f]*[13579bdf] |^RST_STREAM /;
  return sent.some((other) => other.includes(stream) && isEnd.test(other));
}

/** The kinds of frames that a line tells of: its type, and that with one remark. */
export function kindsOf(line: string): string[] {
  const [type = ""] = line.split(" ");
  const length = Number(/length=(\d+)/.exec(line)?.[1]);
  const remarks = [
    / pad=[1-9]/.test(line) ? "padded" : "",
    type === "HEADERS" && / weight=/.test(line) ? "with priority" : "",
    / \(sensitive\)/.test(line) ? "with a secret" : "",
    type === "HEADERS" && length > LEAST_MAX_FRAME_SIZE ? "in pieces" : "",
  ];
  return [type, ...remarks.filter((remark) => remark !== "").map((remark) => `${type} ${remark}`)];
}

/** What our engine's observer sees. */
export class OurLog implements FrameLog, FrameObserver {
  readonly sent: string[];
  readonly received: string[];
  /** The frames of a field block that is not complete. */
  readonly #begun: Record<"sent" | "received", Frame[]>;

  constructor() {
    this.sent = [];
    this.received = [];
    this.#begun = { sent: [], received: [] };
  }

  frame(direction: "sent" | "received", frame: Frame, fields: readonly HeaderField[] | null): void {
    const begun = this.#begun[direction];
    if ("fragment" in frame) {
      begun.push({ ...frame, fragment: frame.fragment.slice() });
      if (!frame.endHeaders) return;
      const [first = frame, ...more] = begun.splice(0);
      const text = direction === "sent" ? sentField : receivedField;
      this[direction].push(ourLine(first, more, (fields ?? []).map(text)));
    } else this[direction].push(ourLine(frame, [], []));
  }
}

function ourLine(frame: Frame, more: readonly Frame[], fields: readonly string[]): string {
  const length = more.reduce((sum, part) => sum + part.length, frame.length);
  const flags = more.length > 0 ? frame.flags | END_HEADERS : frame.flags;
  const name = TYPE_NAMES[frame.type] ?? `0x${frame.type.toString(16)}`;
  const first = `${name} length=${length} flags=0x${flags.toString(16)} stream=${frame.streamId}`;
  return [[first, ...ourDetails(frame)].join(" "), ...fields].join(" | ");
}

function ourDetails(frame: Frame): string[] {
  switch (frame.type) {
    case 0x0:
      return [`pad=${frame.flowControlledLength - frame.data.length}`];
    case 0x1: {
      const { priority } = frame;
      const prefix = priority === null ? 0 : 5;
      return [
        `pad=${frame.length - prefix - frame.fragment.length}`,
        ...(priority === null ? [] : ourPriority(priority)),
      ];
    }
    case 0x2:
      return ourPriority(frame.priority);
    case 0x3:
      return [`error=${errorCodeName(frame.errorCode)}`];
    case 0x4:
      return frame.settings.map(([id, value]) => `${settingName(id)}=${value}`);
    case 0x5:
      return [`pad=${frame.length - 4 - frame.fragment.length}`, `promised=${frame.promisedStreamId}`];
    case 0x6:
      return [`data=${Buffer.from(frame.data).toString("hex")}`];
    case 0x7: {
      const debug = Buffer.from(frame.debugData).toString("latin1");
      return [`last=${frame.lastStreamId}`, `error=${errorCodeName(frame.errorCode)}`, `debug=${debug}`];
    }
    case 0x8:
      return [`increment=${frame.increment}`];
    default:
      return [];
  }
}

function ourPriority(priority: { dependsOn: number; weight: number; exclusive: boolean }): string[] {
  const { dependsOn, weight, exclusive } = priority;
  return [`dependsOn=${dependsOn}`, `weight=${weight}`, `exclusive=${Number(exclusive)}`];
}

/** libnghttp2 tells which fields it received as sensitive ones, not which it sent so. */
function sentField({ name, value, sensitive }: HeaderField): string {
  return sensitive ? `${name}: ${value} (sensitive)` : `${name}: ${value}`;
}

function receivedField({ name, value }: HeaderField): string {
  return `${name}: ${value}`;
}

const END_HEADERS = 0x4;
/** What fits into a frame for every peer. */
const LEAST_MAX_FRAME_SIZE = 16_384;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: "DATA",
  1: "HEADERS",
  2: "PRIORITY",
  3: "RST_STREAM",
  4: "SETTINGS",
  5: "PUSH_PROMISE",
  6: "PING",
  7: "GOAWAY",
  8: "WINDOW_UPDATE",
};
