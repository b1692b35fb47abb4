import { readFile } from "node:fs/promises";

/** An event of HTTP/2 in the log of Chromium's network stack. */
export interface Http2LogEvent {
  /** Such as "HTTP2_SESSION_RECV_HEADERS". */
  readonly type: string;
  /** The connection. */
  readonly session: number;
  /** Lines of fields, where it is about a field section. */
  readonly fields: readonly string[];
  readonly isLast: boolean;
}

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly {
    readonly type: number;
    readonly source: { readonly id: number };
    readonly params?: { readonly headers?: readonly string[]; readonly fin?: boolean };
  }[];
}

/** Reads what the switch --log-net-log wrote; the browser must have been closed. */
export async function readHttp2Events(file: string): Promise<Http2LogEvent[]> {
  const { constants, events } = JSON.parse(await readFile(file, "utf8")) as NetLog;
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]));
  return events
    .map(({ type, source, params }) => ({
      type: names.get(type) ?? "",
      session: source.id,
      fields: params?.headers ?? [],
      isLast: params?.fin === true,
    }))
    .filter(({ type }) => type.startsWith("HTTP2_SESSION"));
}
