import type { Pump } from "../../../node/pump.ts";
import { ClientError } from "../client-error.ts";
import type { BodyOctets, FieldList, RequestOptions } from "./client-session.ts";
import type { Fields } from "./received-response.ts";

const LAST = { endStream: true };

type Trailers = RequestOptions["trailers"];

/** The way of a request into its stream: head, body, trailers. */
export class RequestSender {
  readonly #pump: Pump;
  #streamId: number;
  /** Whether the engine has all of it. */
  hasAll: boolean;
  #isStopped: boolean;
  /** Lets the body go on that the engine was too full for. */
  #welcome: () => void;

  /** @param isSent - whether the request went another way. */
  constructor(pump: Pump, isSent: boolean) {
    this.#pump = pump;
    this.#streamId = 0;
    this.hasAll = isSent;
    this.#isStopped = false;
    this.#welcome = () => {};
  }

  /** Octets that wait for the windows of the server, or for the socket. */
  get heldBack(): number {
    return this.#pump.connection.bufferedAmount(this.#streamId);
  }

  /**
   * @returns null when the engine has all of it; else what ends when it has, or when this was stopped. It throws ClientError
   * "BODY_FAILED", and what trailers are refused with.
   * @throws TypeError or ProtocolError for a head that cannot be sent, and then nothing was.
   */
  start(
    streamId: number,
    fields: Fields,
    body: BodyOctets | undefined,
    trailers: Trailers,
  ): Promise<void> | null {
    const { connection } = this.#pump;
    const hasBody = body !== undefined && !(body instanceof Uint8Array && body.length === 0);
    const isWhole = !hasBody && trailers === undefined;
    connection.sendHeaders(streamId, fields, { endStream: isWhole });
    this.#streamId = streamId;
    this.#pump.flushSoon();
    const isKnown = isWhole || (body instanceof Uint8Array && trailers === undefined);
    if (!isKnown) return this.#sendRest(hasBody ? body : [], trailers);
    if (body instanceof Uint8Array && !isWhole) connection.queueData(streamId, body, LAST);
    this.hasAll = true;
    return null;
  }

  /** The engine has room again. */
  drained(): void {
    this.#welcome();
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#isStopped = true;
    this.#welcome();
  }

  async #sendRest(body: BodyOctets | readonly Uint8Array[], trailers: Trailers): Promise<void> {
    await this.#sendPieces(body instanceof Uint8Array ? [body] : body);
    if (this.#isStopped) return;
    const { connection } = this.#pump;
    const fields = trailerFields(trailers);
    if (fields.length > 0) connection.sendHeaders(this.#streamId, fields, LAST);
    else connection.endStream(this.#streamId);
    this.hasAll = true;
    this.#pump.flushSoon();
  }

  async #sendPieces(pieces: AsyncIterable<Uint8Array> | readonly Uint8Array[]): Promise<void> {
    try {
      for await (const piece of pieces) {
        if (this.#isStopped) return;
        const isWelcome = this.#pump.connection.queueData(this.#streamId, piece);
        this.#pump.flushSoon();
        if (!isWelcome) await this.#untilWelcome();
        if (this.#isStopped) return;
      }
    } catch (error) {
      throw new ClientError("BODY_FAILED", "the body of the request has failed", { cause: error });
    }
  }

  #untilWelcome(): Promise<void> {
    return new Promise((resolve) => {
      this.#welcome = resolve;
    });
  }
}

function trailerFields(trailers: Trailers): (readonly [string, string])[] {
  const given: FieldList = typeof trailers === "function" ? trailers() : (trailers ?? []);
  return [...given];
}
