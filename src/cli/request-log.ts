import type { IncomingMessage, ServerResponse } from "node:http";
import { type Listener, requestInfo } from "../http/server.ts";
import { renderProtocol, renderTime } from "./render.ts";
import { type Paint, printableOctets, type Style } from "./terminal.ts";

/** What answers a request. If it is async, the server watches its promise. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Wraps a handler so that each request, when it is over, becomes a line. */
export function logRequests(handler: Handler, print: (line: string) => void, paint: Paint): Listener {
  return (request, response) => {
    const started = performance.now();
    // What a handler makes of the request is not what the client asked for.
    const { method = "", url = "" } = request;
    const { protocol, negotiated } = requestInfo(request);
    const octets = countBody(response);
    response.on("close", () => {
      const status = response.writableFinished ? String(response.statusCode) : "aborted";
      const time = renderTime(performance.now() - started);
      const how = renderProtocol(protocol, negotiated);
      const words = [printableOctets(method), printableOctets(url), paint(styleOf(status), status)];
      print([...words, how, `${octets()} octets`, paint("dim", time)].join(" "));
    });
    // The type does not say it, but the server looks.
    return handler(request, response) as undefined;
  };
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
