import type { IncomingMessage, ServerResponse } from "node:http";
import { type FetchHandler, requestInfo } from "../http/server.ts";
import { renderProtocol, renderTime } from "./render.ts";
import { type Paint, printableOctets, type Style } from "./terminal.ts";

/** What answers a request. If it is async, the server watches its promise. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A request that is over. */
export interface RequestRecord {
  readonly method: string;
  /** The target as it came, query included. */
  readonly url: string;
  readonly status: number;
  /** Whether the response was not sent to its end. */
  readonly isAborted: boolean;
  readonly protocol: string;
  readonly negotiated: string;
  /** Octets of the body; null where they are not counted. */
  readonly octets: number | null;
  readonly milliseconds: number;
  readonly remoteAddress: string;
}

/** Wraps a handler so that each request, when it is over, becomes a record. */
export function recordRequests(handler: Handler, record: (request: RequestRecord) => void): Handler {
  return (request, response) => {
    const started = performance.now();
    // What a handler makes of the request is not what the client asked for.
    const { method = "", url = "" } = request;
    const { protocol, negotiated } = requestInfo(request);
    const { remoteAddress = "" } = request.socket;
    const octets = countBody(response);
    response.on("close", () => {
      record({
        method,
        url,
        status: response.statusCode,
        isAborted: !response.writableFinished,
        protocol,
        negotiated,
        octets: octets(),
        milliseconds: performance.now() - started,
        remoteAddress,
      });
    });
    return handler(request, response);
  };
}

/** The same in the style of fetch, where a record is made when the response begins. */
export function recordFetch(fetch: FetchHandler, record: (request: RequestRecord) => void): FetchHandler {
  return async (request, info) => {
    const started = performance.now();
    let status = 500;
    try {
      const response = await fetch(request, info);
      status = response.status;
      return response;
    } finally {
      record({
        method: request.method,
        url: request.url.replace(/^[a-z]+:\/\/[^/]*/, ""),
        status,
        isAborted: request.signal.aborted,
        protocol: info.protocol,
        negotiated: info.negotiated,
        octets: null,
        milliseconds: performance.now() - started,
        remoteAddress: info.remoteAddress ?? "",
      });
    }
  };
}

/** A record as a line for people. */
export function renderRequest(record: RequestRecord, paint: Paint): string {
  const { method, url, protocol, negotiated, octets } = record;
  const status = record.isAborted ? "aborted" : String(record.status);
  const how = renderProtocol(protocol, negotiated);
  const time = paint("dim", renderTime(record.milliseconds));
  const words = [printableOctets(method), printableOctets(url), paint(styleOf(status), status)];
  const length = octets === null ? [] : [`${octets} octets`];
  return [...words, how, ...length, time].join(" ");
}

function styleOf(status: string): Style {
  if (status.startsWith("2")) return "green";
  return status.startsWith("3") ? "cyan" : "red";
}

/** Counts what is written to a response; to HEAD and some statuses nothing of that is sent. */
function countBody(response: ServerResponse): () => number {
  let octets = 0;
  const count = (chunk: unknown, encoding: unknown): void => {
    if (chunk instanceof Uint8Array) octets += chunk.length;
    else if (typeof chunk === "string") octets += Buffer.byteLength(chunk, encodingOf(encoding));
  };
  const { write, end } = response;
  response.write = function (this: ServerResponse, ...args: unknown[]) {
    count(args[0], args[1]);
    return write.apply(this, args as Parameters<typeof write>);
  };
  response.end = function (this: ServerResponse, ...args: unknown[]) {
    count(args[0], args[1]);
    return end.apply(this, args as Parameters<typeof end>);
  };
  // Behind the chunk may also come a callback.
  const encodingOf = (given: unknown): BufferEncoding =>
    typeof given === "string" ? (given as BufferEncoding) : "utf8";
  const isWithoutBody = (): boolean =>
    response.req.method === "HEAD" || [204, 304].includes(response.statusCode);
  return () => (isWithoutBody() ? 0 : octets);
}
