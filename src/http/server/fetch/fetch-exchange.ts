import type { Socket } from "node:net";
import type { DataReceived } from "../../../connection/events.ts";
import type { Priority } from "../../../fields/priority.ts";
import { ErrorCode } from "../../../frames/error-code.ts";
import type { HeaderField } from "../../../hpack/header-field.ts";
import type { TlsInfo } from "../../tls-info.ts";
import type { Exchange, Negotiation, Opening } from "../connection/exchange.ts";
import type { ServerStream } from "../connection/server-stream.ts";
import { UnreadRequest } from "../connection/unread-request.ts";
import { FetchCall } from "./fetch-call.ts";
import type { FetchApp } from "./fetch-handler.ts";
import { headFields } from "./head-fields.ts";
import { RequestBody } from "./request-body.ts";
import { type RequestHead, readHead } from "./request-head.ts";
import { requestUrl } from "./request-url.ts";
import type { ResponseParts } from "./response-parts.ts";

/** A request of HTTP/2 and its response in the style of fetch. */
export class FetchExchange extends FetchCall implements Exchange {
  readonly stream: ServerStream;
  readonly body: RequestBody | null;
  isComplete: boolean;
  readonly #opening: Opening;
  readonly #head: RequestHead;
  #trailerFields: readonly HeaderField[];
  /** From the end of the response on, if the request goes on. */
  #unread: UnreadRequest | null;
  /** Whether so much of the response waits that no more is welcome. */
  #isLong: boolean;
  /** Whether both sides are done. */
  #isOver: boolean;

  constructor(app: FetchApp, opening: Opening) {
    super(app);
    this.stream = opening.stream;
    this.body = opening.hasBody ? new RequestBody(this) : null;
    this.isComplete = !opening.hasBody;
    this.#opening = opening;
    this.#head = readHead(opening.fields);
    this.#trailerFields = NO_FIELDS;
    this.#unread = null;
    this.#isLong = false;
    this.#isOver = false;
  }

  // -- The request ------------------------------------------------------------------------------------------

  start(): void {
    const { method, origin, expectation } = this.#head;
    if (method === "CONNECT") this.answer(501);
    else if (origin === null) this.answer(400);
    else if (expectation !== "" && expectation !== "100-continue") this.answer(417);
    else this.run();
  }

  get method(): string {
    return this.#head.method;
  }
  protected get ownUrl(): string {
    return requestUrl(this.#head.origin as string, this.#head.target);
  }
  makeHeaders(): Headers {
    return headersOf(this.#opening.fields);
  }
  protected get isRequestComplete(): boolean {
    return this.isComplete;
  }
  protected makeTrailers(): Headers {
    return headersOf(this.#trailerFields);
  }

  get protocol(): "h2" {
    return "h2";
  }
  get negotiated(): Negotiation {
    return this.#opening.negotiated;
  }
  get tls(): TlsInfo | null {
    return this.#opening.tls;
  }
  get streamId(): number {
    return this.stream.id;
  }
  protected get peerAddress(): string | null {
    return (this.#opening.transport as Socket).remoteAddress ?? null;
  }
  protected get peerPort(): number | null {
    return (this.#opening.transport as Socket).remotePort ?? null;
  }
  get priority(): Priority {
    return this.stream.priority;
  }
  set priority(priority: Priority) {
    this.stream.setPriority(priority);
  }

  // -- From the peer ----------------------------------------------------------------------------------------

  receiveData(event: DataReceived): void {
    const { data, flowControlledLength } = event;
    if (this.#unread !== null) this.#unread.drop(flowControlledLength, this.isComplete);
    else this.body?.receive(data, flowControlledLength);
  }

  receiveBody(octets: Uint8Array): void {
    this.body?.receive(octets, 0);
  }

  receiveTrailers(fields: readonly HeaderField[]): void {
    this.#trailerFields = fields;
  }

  receiveEnd(): void {
    if (this.isComplete) return;
    this.isComplete = true;
    this.body?.end();
    this.requestCompleted();
    if (this.#unread !== null) this.#end();
    else if (this.hasEnded) this.responded();
  }

  drained(): void {
    this.#isLong = false;
    if (this.hasEnded) this.responded();
    else this.outputDrained();
  }

  outputTaken(): boolean {
    return true;
  }

  abort(): void {
    if (this.#isOver) return;
    const isUnread = this.#unread !== null;
    this.#end();
    // The application has had its end of the request.
    if (!isUnread) this.lose();
  }

  cancel(): void {
    if (this.#isOver) return;
    this.stream.reset(ErrorCode.CANCEL);
    this.abort();
  }

  // -- The body of the request ------------------------------------------------------------------------------

  beginBody(): void {
    const isExpected = this.#head.expectation !== "" && !this.isComplete;
    if (isExpected && !this.isHeadSent) this.stream.sendHead(CONTINUE, false);
  }

  acknowledgeBody(cost: number): void {
    this.stream.acknowledge(cost);
  }

  dropBody(): void {
    if (this.hasEnded) this.responded();
  }

  // -- The response -----------------------------------------------------------------------------------------

  sendHead(parts: ResponseParts, length: number): void {
    this.stream.sendHead(headFields(parts, length), false);
    this.isHeadSent = true;
  }

  /** It is on its way. */
  flushHead(): void {}

  send(octets: Uint8Array): boolean {
    this.#isLong = !this.stream.queue(octets);
    return !this.#isLong;
  }

  protected sendEmpty(parts: ResponseParts, length: number): void {
    this.stream.sendHead(headFields(parts, length), true);
    this.isHeadSent = true;
  }

  protected sendWhole(parts: ResponseParts, octets: Uint8Array): void {
    const { length } = octets;
    if (length === 0 && !this.hasTrailers) {
      this.sendEmpty(parts, length);
      return;
    }
    this.sendHead(parts, length);
    if (!this.hasTrailers) this.#isLong = !this.stream.queueLast(octets);
    else {
      this.send(octets);
      this.sendEnd();
    }
  }

  protected sendEnd(): void {
    this.stream.end(this.takeTrailers());
  }

  protected sendInterim(status: number, fields: Headers): void {
    this.stream.sendHead([[":status", String(status)], ...fields], false);
  }

  protected breakOff(): void {
    this.stream.reset(ErrorCode.INTERNAL_ERROR);
    this.abort();
  }

  // -- The end ----------------------------------------------------------------------------------------------

  /** The response was handed over. What nobody reads of the request is not wanted any more. */
  protected responded(): void {
    if (this.#isOver || this.#isLong || this.#unread !== null) return;
    const { body } = this;
    if (this.isComplete || body === null) {
      // It can be read later; its windows are others' too.
      body?.settle();
      this.#end();
      return;
    }
    if (body.isBeingRead) return;
    this.#unread = new UnreadRequest(this.stream, () => this.abort());
    this.#unread.begin(body.held);
    body.drop();
  }

  #end(): void {
    this.#unread?.end();
    this.#isOver = true;
    this.stream.isOver = true;
    this.#opening.owner.forget(this);
  }
}

const CONTINUE: readonly [string, string][] = [[":status", "100"]];
const NO_FIELDS: readonly HeaderField[] = [];

/** Fields as Headers, with Host for `:authority`: frameworks ask for it, whatever the protocol. */
function headersOf(fields: readonly HeaderField[]): Headers {
  const headers = new Headers();
  for (const { name, value } of fields) {
    if (name === "host" || name === ":authority") headers.set("host", value);
    else if (!name.startsWith(":")) headers.append(name, value);
  }
  return headers;
}
