import { createHash } from "node:crypto";
import http2 from "node:http2";
import { Duplex } from "node:stream";

const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OF_CONNECTION = ["connection", "host", "sec-websocket-key", "upgrade"];

/**
 * A socket for a WebSocket client of HTTP/1.1 that is a stream of node:http2's client. The request for Upgrade that is
 * written to it becomes extended CONNECT, and the answer a response of HTTP/1.1 again, so that any such client
 * can be used over HTTP/2, as it is.
 */
export class ExtendedConnectSocket extends Duplex {
  readonly #session: http2.ClientHttp2Session;
  #stream: http2.ClientHttp2Stream | null;
  #head: string;

  constructor(session: http2.ClientHttp2Session) {
    super({ allowHalfOpen: true });
    this.#session = session;
    this.#stream = null;
    this.#head = "";
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#stream !== null) {
      this.#stream.write(chunk, done);
      return;
    }
    this.#head += chunk.toString("latin1");
    if (this.#head.endsWith("\r\n\r\n")) this.#request();
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#stream === null) done();
    else this.#stream.end(done);
  }

  override _read(): void {
    this.#stream?.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stream?.close(http2.constants.NGHTTP2_CANCEL);
    done(error);
  }

  #request(): void {
    const [requestLine = "", ...lines] = this.#head.trimEnd().split("\r\n");
    const fields = new Map(lines.map(nameAndValue));
    const headers: http2.OutgoingHttpHeaders = {
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": this.#session.encrypted === true ? "https" : "http",
      ":path": requestLine.split(" ")[1],
      ":authority": fields.get("host"),
    };
    for (const [name, value] of fields) if (!OF_CONNECTION.includes(name)) headers[name] = value;
    const stream = this.#session.request(headers, { endStream: false });
    const key = fields.get("sec-websocket-key") ?? "";
    stream.on("response", (answer) => this.push(responseHead(answer, key), "latin1"));
    stream.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.on("end", () => this.push(null));
    stream.on("error", (error) => this.destroy(error));
    stream.on("close", () => {
      if (stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR) this.destroy();
    });
    this.#stream = stream;
  }
}

function nameAndValue(line: string): [name: string, value: string] {
  const [name = "", ...rest] = line.split(": ");
  return [name.toLowerCase(), rest.join(": ")];
}

/** The response as HTTP/1.1 has it: 200 is 101 there, with the proof that the key was read. */
function responseHead(
  answer: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader,
  key: string,
): string {
  const status = answer[":status"] ?? 0;
  const lines = Object.entries(answer)
    .filter(([name]) => !name.startsWith(":"))
    .map(([name, value]) => `${name}: ${String(value)}`);
  if (status !== 200)
    return [`HTTP/1.1 ${status} Refused`, ...lines, "connection: close", "\r\n"].join("\r\n");
  const accept = createHash("sha1").update(`${key}${KEY_SUFFIX}`).digest("base64");
  const switching = ["connection: Upgrade", "upgrade: websocket", `sec-websocket-accept: ${accept}`];
  return ["HTTP/1.1 101 Switching Protocols", ...switching, ...lines, "\r\n"].join("\r\n");
}
