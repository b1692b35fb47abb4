import { endOfHead } from "../../../node/request-head.ts";
import type { ServerStream } from "../connection/server-stream.ts";
import { type ResponseBody, responseBody } from "./response-body.ts";
import { endToEndFields, parseResponseHead, type ResponseHead } from "./response-head.ts";
import type { TunnelEvent } from "./tunnel-style.ts";

/** Octets of a head at most. */
const LONGEST_HEAD = 65_536;
const SWITCHING_PROTOCOLS = 101;
const NOT_IMPLEMENTED = 501;
const NO_HEAD = "its head is no head of HTTP/1.1";
const NOTHING = new Uint8Array(0);

/**
 * What a listener writes to the socket of a request for a tunnel: a response of HTTP/1.1, which becomes one of HTTP/2.
 *
 * | written | sent |
 * | --- | --- |
 * | interim ones, such as 103 | the same |
 * | 101, to extended CONNECT | 200: the tunnel is open (RFC 8441 section 5) |
 * | 200 to 299, to CONNECT | the same: the tunnel is open (RFC 9110 section 9.3.6) |
 * | 200 to 299, to extended CONNECT | 501 with the body: to say 200 would open the tunnel |
 * | any other one | the same with its body, whose end is the end of the stream |
 *
 * Fields that mean a connection of HTTP/1.1 are left out. In a tunnel, what is written goes out as it is.
 */
export class WrittenResponse {
  /** Whether the final head was sent. */
  isHeadSent: boolean;
  /** Whether a tunnel was opened. */
  isTunnel: boolean;
  /** Whether our half of the stream has ended. */
  hasEnded: boolean;
  readonly #stream: ServerStream;
  readonly #event: TunnelEvent;
  /** The head so far. */
  #head: Uint8Array;
  /** Of a response that refuses the tunnel. */
  #body: ResponseBody | null;

  constructor(stream: ServerStream, event: TunnelEvent) {
    this.isHeadSent = false;
    this.isTunnel = false;
    this.hasEnded = false;
    this.#stream = stream;
    this.#event = event;
    this.#head = NOTHING;
    this.#body = null;
  }

  /** Whether nothing was written yet. */
  get isEmpty(): boolean {
    return !this.isHeadSent && this.#head.length === 0;
  }

  /** @throws Error for what is no response, and ProtocolError or TypeError for fields that cannot be sent. */
  write(octets: Uint8Array): void {
    if (this.isTunnel) this.#stream.queue(octets);
    else if (this.#body !== null) this.#writeBody(this.#body, octets);
    else if (!this.hasEnded) this.#writeHead(octets);
  }

  /** The application has written all. @throws Error if that was not the whole response. */
  end(): void {
    if (this.hasEnded) return;
    if (!this.isTunnel && this.#body?.isWhole !== true) throw badResponse("it is not complete");
    this.#end();
  }

  /** Answers with a status and nothing else, if no head was sent yet. @returns whether it was possible. */
  answer(status: number): boolean {
    if (this.isHeadSent) return false;
    const fields = [
      [":status", String(status)],
      ["content-length", "0"],
    ] as const;
    this.isHeadSent = true;
    this.hasEnded = true;
    this.#stream.sendHead(fields, true);
    return true;
  }

  #writeHead(octets: Uint8Array): void {
    const head = this.#head.length === 0 ? octets : Buffer.concat([this.#head, octets]);
    const length = endOfHead(head, this.#head.length);
    if (length < 0 || (length || head.length) > LONGEST_HEAD) throw badResponse(NO_HEAD);
    // The application's octets are its own again when it is called back.
    this.#head = length === 0 ? new Uint8Array(head) : NOTHING;
    if (length === 0) return;
    const parsed = parseResponseHead(head, length);
    if (parsed === null) throw badResponse(NO_HEAD);
    this.#sendHead(parsed);
    if (length < head.length) this.write(head.subarray(length));
  }

  #sendHead(head: ResponseHead): void {
    const { status } = head;
    if (status === SWITCHING_PROTOCOLS) {
      if (this.#event === "connect") throw badResponse("101 is no answer to CONNECT");
      this.#open(200, head);
    } else if (status < 200) {
      this.#stream.sendHead([[":status", String(status)], ...endToEndFields(head, [])], false);
    } else if (status > 299) this.#refuse(status, head);
    else if (this.#event === "connect") this.#open(status, head);
    else this.#refuse(NOT_IMPLEMENTED, head);
  }

  /** What opens a tunnel has no body. */
  #open(status: number, head: ResponseHead): void {
    const fields = endToEndFields(head, ["content-length", "sec-websocket-accept"]);
    this.#stream.sendHead([[":status", String(status)], ...fields], false);
    this.isHeadSent = true;
    this.isTunnel = true;
  }

  #refuse(status: number, head: ResponseHead): void {
    const body = responseBody(head);
    if (body === null) throw badResponse("where its body ends is not certain");
    this.#stream.sendHead([[":status", String(status)], ...endToEndFields(head, [])], body.isComplete);
    this.isHeadSent = true;
    this.hasEnded = body.isComplete;
    this.#body = body;
  }

  /** What follows the end of the body would be another response, to a request that nobody made. */
  #writeBody(body: ResponseBody, octets: Uint8Array): void {
    if (this.hasEnded) return;
    for (const part of body.take(octets)) this.#stream.queue(part);
    if (body.isComplete) this.#end();
  }

  #end(): void {
    this.hasEnded = true;
    this.#stream.end(null);
  }
}

function badResponse(reason: string): Error {
  return new Error(`the response that was written to the socket of a tunnel cannot be sent: ${reason}`);
}
