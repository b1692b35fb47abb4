import { once } from "node:events";
import http2 from "node:http2";
import { onTestFinished } from "vitest";

/** A response that was read to the end. */
export interface Received {
  readonly status: number;
  readonly headers: http2.IncomingHttpHeaders;
  readonly trailers: http2.IncomingHttpHeaders | null;
  readonly body: Buffer;
  readonly text: string;
}

/** A connection of node:http2 for the rest of the test. */
export function connectHttp2(url: string): http2.ClientHttp2Session {
  const session = http2.connect(url, { rejectUnauthorized: false });
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  return session;
}

/** Sends one request and reads its response. */
export async function ask(
  session: http2.ClientHttp2Session,
  path: string,
  headers: http2.OutgoingHttpHeaders = {},
  body: Uint8Array | string = "",
): Promise<Received> {
  const stream = session.request({ ":path": path, ...headers }, { endStream: body.length === 0 });
  if (body.length > 0) stream.end(body);
  const [head] = (await once(stream, "response")) as [http2.IncomingHttpHeaders & { ":status": number }];
  return readRest(stream, head);
}

/** Reads what follows the head of a response. */
export async function readRest(
  stream: http2.ClientHttp2Stream,
  head: http2.IncomingHttpHeaders & { ":status"?: number },
): Promise<Received> {
  let trailers: http2.IncomingHttpHeaders | null = null;
  stream.on("trailers", (fields: http2.IncomingHttpHeaders) => {
    trailers = fields;
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return { status: Number(head[":status"]), headers: head, trailers, body, text: body.toString() };
}
