import type { FrameLog } from "./frame-log.ts";

/** One frame in libnghttp2's log, with what stands below it. */
interface Entry {
  readonly direction: "sent" | "received";
  readonly type: string;
  /** The frame header in the words of `FrameLog`. */
  readonly header: string;
  readonly details: string[];
  readonly fields: string[];
}

/** What libnghttp2's programs log of one connection, in the words of `FrameLog`. */
export function peerLog(text: string): FrameLog {
  const entries = entriesOf(text);
  const lines = (direction: Entry["direction"]): string[] =>
    entries.filter((entry) => entry.direction === direction).map(lineOf);
  return { sent: lines("sent"), received: lines("received") };
}

function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  /** Fields that were received stand before their frame, those that were sent behind it. */
  let received: string[] = [];
  let open: Entry | null = null;
  for (const line of text.split("\n")) {
    if (line.startsWith(INDENTED)) {
      if (open !== null) addBelow(open, line.slice(INDENTED.length));
      continue;
    }
    const event = line.replace(/^(\[id=\d+\] )?\[ *[\d.]+\] /, "");
    const field = /^recv \(stream_id=\d+(, sensitive)?\) (.*)$/.exec(event);
    if (field !== null) received.push(field[1] === undefined ? `${field[2]}` : `${field[2]} (sensitive)`);
    open = field === null ? entryOf(event, received) : null;
    if (open === null) continue;
    entries.push(open);
    if (open.direction === "received") received = [];
  }
  return entries;
}

const INDENTED: string = " ".repeat(10);

function entryOf(event: string, received: string[]): Entry | null {
  const head =
    /^(\[INVALID.*?\] )?(send|recv) (\S+) frame <length=(\d+), flags=0x(\w+), stream_id=(\d+)>/.exec(event);
  if (head === null) return null;
  const [, fault = "", verb, type = "", length, flags = "", streamId] = head;
  const bits = Number.parseInt(flags, 16).toString(16);
  return {
    direction: verb === "send" ? "sent" : "received",
    type,
    header: `${fault}${type} length=${length} flags=0x${bits} stream=${streamId}`,
    details: [],
    fields: verb === "send" ? [] : received,
  };
}

function addBelow(entry: Entry, line: string): void {
  if (line.startsWith(";")) return;
  if (/^[([]/.test(line)) entry.details.push(line);
  else entry.fields.push(line);
}

function lineOf({ type, header, details, fields }: Entry): string {
  return [[header, ...detailsOf(type, details.join(" "))].join(" "), ...fields].join(" | ");
}

/** The words of a frame's own details, from how libnghttp2 writes them. */
function detailsOf(type: string, text: string): string[] {
  const number = (name: string): string => new RegExp(`${name}=(\\d+)`).exec(text)?.[1] ?? "0";
  const error = (): string => /error_code=(\w+)\(/.exec(text)?.[1] ?? "?";
  switch (type) {
    case "SETTINGS":
      return [...text.matchAll(/\[(?:SETTINGS_)?(\w+)\(0x\w+\):(\d+)\]/g)].map(
        ([, name, value]) => `${name}=${value}`,
      );
    case "PRIORITY":
      return priorityOf(text);
    case "HEADERS":
      return [`pad=${number("padlen")}`, ...priorityOf(text)];
    case "DATA":
      return [`pad=${number("padlen")}`];
    case "PUSH_PROMISE":
      return [`pad=${number("padlen")}`, `promised=${number("promised_stream_id")}`];
    case "RST_STREAM":
      return [`error=${error()}`];
    case "PING":
      return [`data=${/opaque_data=(\w+)/.exec(text)?.[1]}`];
    case "GOAWAY":
      return [`last=${number("last_stream_id")}`, `error=${error()}`, `debug=${/=\[(.*)\]/.exec(text)?.[1]}`];
    case "WINDOW_UPDATE":
      return [`increment=${number("window_size_increment")}`];
    default:
      return [];
  }
}

function priorityOf(text: string): string[] {
  const match = /dep_stream_id=(\d+), weight=(\d+), exclusive=(\d)/.exec(text);
  return match === null ? [] : [`dependsOn=${match[1]}`, `weight=${match[2]}`, `exclusive=${match[3]}`];
}
