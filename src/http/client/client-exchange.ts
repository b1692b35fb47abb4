import { NoSuchStreamError } from "../../connection/errors.ts";
import type { DataReceived, StreamReset } from "../../connection/events.ts";
import { ErrorCode, errorCodeName } from "../../frames/error-code.ts";
import type { HeaderField } from "../../hpack/header-field.ts";
import type { Pump } from "../../node/pump.ts";
import { abortedError, ClientError } from "./client-error.ts";
import type { ClientResponse, InformationalResponse, RequestOptions } from "./client-session.ts";
import { type BodySource, ReceivedBody } from "./received-body.ts";
import { type Fields, ReceivedResponse } from "./received-response.ts";

/** The session that an exchange belongs to. */
export interface ClientExchangeOwner {
  readonly pump: Pump;
  /** Both sides are done, or the exchange has failed. */
  forget(exchange: ClientExchange): void;
}

/** A request and its response on one stream. */
export class ClientExchange implements BodySource {
  readonly options: RequestOptions;
  /** 0 while it waits for a stream. */
  streamId: number;
  /** The response, or why there is none. */
  readonly response: Promise<ClientResponse>;
  readonly #owner: ClientExchangeOwner;
  readonly #body: ReceivedBody;
  readonly #informational: InformationalResponse[];
  readonly #trailers: PromiseParts<Fields>;
  readonly #answer: PromiseParts<ClientResponse>;
  readonly #aborted: () => void;
  #isSent: boolean;
  #isReceived: boolean;
  /** Whether both sides are done, or it has failed. */
  isOver: boolean;
  /** Lets the body go on that the engine was too full for. */
  #welcome: () => void;

  /** @param streamId - the stream of a request that was sent already, in HTTP/1.1; else 0. */
  constructor(owner: ClientExchangeOwner, options: RequestOptions, streamId: number) {
    this.options = options;
    this.streamId = streamId;
    this.#owner = owner;
    this.#body = new ReceivedBody(this);
    this.#informational = [];
    this.#trailers = promiseParts();
    this.#answer = promiseParts();
    this.response = this.#answer.promise;
    // Nobody may ever ask for them.
    this.#trailers.promise.catch(() => {});
    this.#isSent = streamId !== 0;
    this.#isReceived = false;
    this.isOver = false;
    this.#welcome = () => {};
    this.#aborted = () => this.#abort();
    options.signal?.addEventListener("abort", this.#aborted);
    if (options.signal?.aborted === true) this.#abort();
  }

  // -- The request ------------------------------------------------------------------------------------------

  /** Sends the request on a stream. @throws TypeError or ProtocolError for one that cannot be sent. */
  start(streamId: number, fields: Fields): void {
    const { connection } = this.#owner.pump;
    const { body } = this.options;
    const hasBody = body !== undefined && !(body instanceof Uint8Array && body.length === 0);
    connection.sendHeaders(streamId, fields, { endStream: !hasBody });
    this.streamId = streamId;
    if (!hasBody) this.#isSent = true;
    else if (body instanceof Uint8Array) this.#sendWhole(body);
    else void this.#sendPieces(body as AsyncIterable<Uint8Array>);
    this.#owner.pump.flushSoon();
  }

  #sendWhole(body: Uint8Array): void {
    this.#owner.pump.connection.queueData(this.streamId, body, { endStream: true });
    this.#isSent = true;
  }

  async #sendPieces(body: AsyncIterable<Uint8Array>): Promise<void> {
    const { pump } = this.#owner;
    try {
      for await (const piece of body) {
        if (this.isOver) return;
        const isWelcome = pump.connection.queueData(this.streamId, piece);
        pump.flushSoon();
        if (!isWelcome) await this.#untilWelcome();
        if (this.isOver) return;
      }
      if (this.isOver) return;
      pump.connection.endStream(this.streamId);
      pump.flushSoon();
      this.#isSent = true;
      this.#checkEnd();
    } catch (error) {
      this.#reset(new ClientError("BODY_FAILED", "the body of the request has failed", { cause: error }));
    }
  }

  #untilWelcome(): Promise<void> {
    return new Promise((resolve) => {
      this.#welcome = resolve;
    });
  }

  drained(): void {
    this.#welcome();
  }

  // -- The response -----------------------------------------------------------------------------------------

  receiveInformational(fields: readonly HeaderField[]): void {
    this.#informational.push({ status: statusOf(fields), headers: regularFields(fields) });
  }

  receiveResponse(fields: readonly HeaderField[]): void {
    this.#answer.resolve(
      new ReceivedResponse(
        statusOf(fields),
        regularFields(fields),
        this.#informational,
        this.#body,
        this.#trailers.promise,
      ),
    );
  }

  receiveData(event: DataReceived): void {
    this.#body.push(event.data, event.flowControlledLength);
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

  // -- The end ----------------------------------------------------------------------------------------------

  /** Settles whatever is not settled. */
  fail(error: Error): void {
    if (this.isOver) return;
    this.#finish();
    this.#answer.reject(error);
    this.#trailers.reject(error);
    this.#body.fail(error);
  }

  acknowledge(cost: number): void {
    if (cost === 0) return;
    const { pump } = this.#owner;
    pump.connection.acknowledgeReceivedData(cost, this.streamId);
    pump.flushSoon();
  }

  cancel(): void {
    this.#reset(new ClientError("ABORTED", "the body of the response was not read to the end"));
  }

  #abort(): void {
    this.#reset(abortedError(this.options.signal));
    this.#body.discard();
  }

  /** Fails by our own decision: the server is told. */
  #reset(error: ClientError): void {
    if (this.isOver) return;
    if (this.streamId !== 0) this.#cancelStream();
    this.fail(error);
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
    if (this.#isSent && this.#isReceived) this.#finish();
  }

  #finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.signal?.removeEventListener("abort", this.#aborted);
    this.#welcome();
    this.#owner.forget(this);
  }
}

interface PromiseParts<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

function promiseParts<Value>(): PromiseParts<Value> {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Value>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise;
    reject = rejectPromise;
  });
  return { promise, resolve, reject };
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
