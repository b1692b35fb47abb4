import { NoSuchStreamError } from "../../../connection/errors.ts";
import type { DataReceived, StreamReset } from "../../../connection/events.ts";
import { ErrorCode, errorCodeName } from "../../../frames/error-code.ts";
import type { HeaderField } from "../../../hpack/header-field.ts";
import type { Pump } from "../../../node/pump.ts";
import { abortedError, ClientError } from "../client-error.ts";
import type {
  ClientResponse,
  InformationalResponse,
  Negotiated,
  RequestOptions,
  RequestTimeouts,
} from "./client-session.ts";
import { type PromiseParts, promiseParts } from "./promise-parts.ts";
import type { ReceiveWindows, WindowedStream } from "./receive-windows.ts";
import { type BodySource, ReceivedBody } from "./received-body.ts";
import { type Fields, ReceivedResponse } from "./received-response.ts";
import { RequestSender } from "./request-sender.ts";
import type { Timed, Timetable } from "./timetable.ts";

/** The session that an exchange belongs to. */
export interface ClientExchangeOwner {
  readonly pump: Pump;
  /** The origin of the requests, such as "https://example.com". */
  readonly origin: string;
  readonly windows: ReceiveWindows;
  readonly timetable: Timetable;
  readonly negotiated: Negotiated;
  readonly timeouts: RequestTimeouts;
  /** Both sides are done, or the exchange has failed. */
  forget(exchange: ClientExchange): void;
}

/** A request and its response on one stream. */
export class ClientExchange implements BodySource, WindowedStream, Timed {
  readonly options: RequestOptions;
  /** 0 while it waits for a stream. */
  streamId: number;
  window: number;
  /** The response, or why there is none. */
  readonly response: Promise<ClientResponse>;
  /** Whether both sides are done, or it has failed. */
  isOver: boolean;
  readonly #owner: ClientExchangeOwner;
  readonly #timeouts: RequestTimeouts;
  readonly #sender: RequestSender;
  readonly #body: ReceivedBody;
  readonly #informational: InformationalResponse[];
  readonly #trailers: PromiseParts<Fields>;
  readonly #answer: PromiseParts<ClientResponse>;
  readonly #aborted: () => void;
  #isAnswered: boolean;
  #isReceived: boolean;
  /** When it last came forward, in milliseconds. */
  #progressAt: number;
  /** Octets of the request that the windows held back when somebody last looked. */
  #heldBack: number;

  /** @param streamId - the stream of a request that was sent already, in HTTP/1.1; else 0. */
  constructor(owner: ClientExchangeOwner, options: RequestOptions, streamId: number) {
    this.options = options;
    this.streamId = streamId;
    this.window = 0;
    this.#owner = owner;
    this.#timeouts = { ...owner.timeouts, ...options.timeouts };
    this.#body = new ReceivedBody(this);
    this.#informational = [];
    this.#trailers = promiseParts();
    this.#answer = promiseParts();
    this.response = this.#answer.promise;
    // Nobody may ever ask for them.
    this.#trailers.promise.catch(() => {});
    this.#sender = new RequestSender(owner.pump, streamId !== 0);
    this.#isAnswered = false;
    this.#isReceived = false;
    this.isOver = false;
    this.#progressAt = performance.now();
    this.#heldBack = 0;
    this.#aborted = () => this.#abort();
    options.signal?.addEventListener("abort", this.#aborted);
    if (options.signal?.aborted === true) this.#abort();
    else owner.timetable.add(this);
    if (streamId !== 0 && !this.isOver) owner.windows.opened(this);
  }

  // -- The request ------------------------------------------------------------------------------------------

  /** Sends the request on a stream. @throws TypeError or ProtocolError for one that cannot be sent. */
  start(streamId: number, fields: Fields): void {
    const { body, trailers } = this.options;
    const rest = this.#sender.start(streamId, fields, body, trailers);
    this.streamId = streamId;
    this.#owner.windows.opened(this);
    rest?.then(
      () => this.#checkEnd(),
      (error: Error) => this.#reset(error),
    );
  }

  drained(): void {
    this.#sender.drained();
  }

  // -- The response -----------------------------------------------------------------------------------------

  receiveInformational(fields: readonly HeaderField[]): void {
    const response = { status: statusOf(fields), headers: regularFields(fields) };
    this.#informational.push(response);
    try {
      this.options.onInformational?.(response);
    } catch (error) {
      this.#reset(error as Error);
    }
  }

  receiveResponse(fields: readonly HeaderField[]): void {
    this.#isAnswered = true;
    this.#progress();
    this.#answer.resolve(
      new ReceivedResponse(
        statusOf(fields),
        regularFields(fields),
        this.#informational,
        { protocol: "h2", negotiated: this.#owner.negotiated },
        this.#body,
        this.#trailers.promise,
      ),
    );
  }

  receiveData(event: DataReceived): void {
    this.#progressAt = performance.now();
    this.#body.push(event.data, event.flowControlledLength);
    if (event.streamEnded !== null || this.isOver) return;
    this.#owner.windows.received(this, event.flowControlledLength, this.#body.isRead);
  }

  receiveTrailers(fields: readonly HeaderField[]): void {
    this.#trailers.resolve(regularFields(fields));
  }

  receiveEnd(): void {
    this.#isReceived = true;
    this.#trailers.resolve([]);
    this.#body.end();
    this.#checkEnd();
  }

  /** A reset behind the whole response only says that the rest of the request is not wanted (RFC 9113 section 8.1). */
  receiveReset(event: StreamReset): void {
    if (this.#isReceived) this.#finish();
    else this.fail(resetError(event));
  }

  // -- Time -------------------------------------------------------------------------------------------------

  /** Time runs while the server is waited for, and not while the caller is: for more of the request, or to read. */
  get dueAt(): number {
    const { headers, body } = this.#timeouts;
    if (!this.#isAnswered) {
      const isWaiting = this.streamId === 0 || this.#sender.hasAll || this.#sender.heldBack > 0;
      return isWaiting ? due(this.#progressAt, headers) : Number.POSITIVE_INFINITY;
    }
    const isWaiting = this.#body.isAwaited || this.#sender.heldBack > 0;
    return isWaiting ? due(this.#progressAt, body) : Number.POSITIVE_INFINITY;
  }

  expire(): void {
    const { heldBack } = this.#sender;
    const isUpload = heldBack < this.#heldBack;
    this.#heldBack = heldBack;
    if (isUpload) this.#progress();
    else this.#reset(this.#lateError());
  }

  #lateError(): ClientError {
    const details = this.streamId === 0 ? { isUnprocessed: true } : { streamId: this.streamId };
    if (this.streamId === 0) return new ClientError("HEADERS_TIMEOUT", "no stream was free in time", details);
    if (!this.#isAnswered) return new ClientError("HEADERS_TIMEOUT", "no response came in time", details);
    return new ClientError("BODY_TIMEOUT", "a body did not come forward in time", details);
  }

  #progress(): void {
    this.#progressAt = performance.now();
    this.#heldBack = this.#sender.heldBack;
    this.#owner.timetable.watch(this);
  }

  // -- The end ----------------------------------------------------------------------------------------------

  /** Settles whatever is not settled. */
  fail(error: Error): void {
    if (this.isOver) return;
    if (error instanceof ClientError) error.origin ??= this.#owner.origin;
    this.#finish();
    this.#answer.reject(error);
    this.#trailers.reject(error);
    this.#body.fail(error);
  }

  /** Fails by our own decision: the server is told. */
  #reset(error: Error): void {
    if (this.isOver) return;
    if (this.streamId !== 0) this.#cancelStream();
    this.fail(error);
  }

  acknowledge(cost: number): void {
    if (cost === 0) return;
    const { pump } = this.#owner;
    pump.connection.acknowledgeReceivedData(cost, this.streamId);
    pump.flushSoon();
  }

  awaited(): void {
    this.#progressAt = performance.now();
    this.#owner.timetable.watch(this);
  }

  cancel(): void {
    const error = new ClientError("ABORTED", "the body of the response was not read to the end");
    this.#reset(error);
  }

  #abort(): void {
    this.#reset(abortedError(this.options.signal));
    this.#body.discard();
  }

  #cancelStream(): void {
    const { pump } = this.#owner;
    try {
      pump.connection.resetStream(this.streamId, { errorCode: ErrorCode.CANCEL });
      pump.flushSoon();
    } catch (error) {
      // The engine knows of its end already, and the event is on its way.
      if (!(error instanceof NoSuchStreamError) && !pump.connection.isFinished) throw error;
    }
  }

  #checkEnd(): void {
    if (this.#sender.hasAll && this.#isReceived) this.#finish();
    else this.#progress();
  }

  #finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.signal?.removeEventListener("abort", this.#aborted);
    this.#owner.timetable.delete(this);
    this.#owner.windows.closed(this);
    this.#sender.stop();
    this.#owner.forget(this);
  }
}

/** @param timeout - milliseconds; 0 and Infinity stand for ever. */
function due(from: number, timeout: number): number {
  return timeout === 0 ? Number.POSITIVE_INFINITY : from + timeout;
}

function statusOf(fields: readonly HeaderField[]): number {
  return Number(fields[0]?.value ?? 0);
}

function regularFields(fields: readonly HeaderField[]): Fields {
  const regular: Fields = [];
  for (const { name, value } of fields) if (!name.startsWith(":")) regular.push([name, value]);
  return regular;
}

function resetError({ streamId, errorCode, isUnprocessed, remoteReset, error }: StreamReset): ClientError {
  const details = { streamId, errorCode, isUnprocessed };
  if (remoteReset) {
    return new ClientError(
      "STREAM_RESET",
      `the server reset the stream: ${errorCodeName(errorCode)}`,
      details,
    );
  }
  const rule = error === null ? errorCodeName(errorCode) : `${error.reason} (${error.section})`;
  return new ClientError("PROTOCOL_ERROR", `the response breaks a rule: ${rule}`, details);
}
