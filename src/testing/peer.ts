import { type Frame, FrameType } from "../frames/index.ts";
import { frames, octetsOf, type Wire } from "./frames.ts";
import { PeerGone } from "./peer-gone.ts";
import { type Courtesy, PeerInbox } from "./peer-inbox.ts";
import type { PeerRequest } from "./peer-request.ts";
import type { Transport } from "./transport.ts";

/** A response by the rules. */
export interface PeerResponse {
  /** 200 unless given. */
  readonly status?: number;
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Text of one octet a character, or a number of octets; "hello" unless given. */
  readonly body?: string | number;
}

/**
 * The server's end of one connection, played by a script. It sends what it is told, right or wrong:
 *
 *     peer.greet();
 *     const { streamId } = await peer.expectRequest();
 *     peer.send(frames.headers(streamId).response(200), frames.data(streamId, "hel"));
 *     peer.reset(streamId, ErrorCode.INTERNAL_ERROR);
 *
 * It acknowledges SETTINGS and PING and opens windows by itself, and does nothing else unasked. What waits for the client
 * fails with `PeerGone` when the client has ended the connection; that ends a script in good order.
 */
export class Peer {
  /** Which connection of the server this is, from 0. */
  readonly connection: number;
  /** Which run this is of a script that is played several times, from 0. */
  readonly variant: number;
  /** What has come. */
  readonly inbox: PeerInbox;
  readonly #transport: Transport;

  constructor(transport: Transport, connection: number = 0, variant: number = 0) {
    this.connection = connection;
    this.variant = variant;
    this.inbox = new PeerInbox((octets) => void transport.write(octets));
    this.#transport = transport;
  }

  // -- Sending ----------------------------------------------------------------------------------------------

  /** The server's preface: SETTINGS (RFC 9113 section 3.4). */
  greet(...settings: readonly (readonly [id: number, value: number])[]): Promise<void> {
    return this.send(frames.settings(...settings));
  }

  /** Sends frames, or octets as they are, in one piece. @returns when they have gone. */
  send(...parts: readonly Wire[]): Promise<void> {
    return this.#transport.write(octetsOf(...parts));
  }

  /** Sends so many octets by themselves, and then the others. */
  async sendSplit(position: number, ...parts: readonly Wire[]): Promise<void> {
    const octets = octetsOf(...parts);
    await this.#transport.write(octets.subarray(0, position));
    await this.#transport.write(octets.subarray(position));
  }

  /** Sends each octet by itself. */
  async dribble(...parts: readonly Wire[]): Promise<void> {
    for (const octet of octetsOf(...parts)) await this.#transport.write(Uint8Array.of(octet));
  }

  /** Sends the same again and again, as fast as it is taken, until the client has ended the connection. */
  async flood(...parts: readonly Wire[]): Promise<never> {
    const octets = octetsOf(...parts);
    while (!this.inbox.isEnded) await this.#transport.write(octets);
    throw new PeerGone("had enough");
  }

  goaway(lastStreamId: number, errorCode: number = 0, debugData: string = ""): Promise<void> {
    return this.send(frames.goaway(lastStreamId, errorCode, debugData));
  }

  reset(streamId: number, errorCode: number = 0): Promise<void> {
    return this.send(frames.rstStream(streamId, errorCode));
  }

  /** Sends a whole response, as windows allow. */
  async respond({ streamId }: PeerRequest, response: PeerResponse = {}): Promise<void> {
    const { status = 200, fields = [], body = "hello" } = response;
    const head = frames.headers(streamId).response(status);
    for (const [name, value] of fields) head.field(name, value);
    if (body === "" || body === 0) return this.send(head.endStream());
    if (typeof body === "string") return this.send(head, frames.data(streamId, body).endStream());
    void this.send(head);
    return this.sendBody(streamId, body, true);
  }

  /** Sends so many octets of DATA, as windows allow. */
  async sendBody(streamId: number, octets: number, endStream: boolean): Promise<void> {
    const { windows } = this.inbox;
    for (let left = octets; left > 0; ) {
      await this.inbox.until(() => windows.available(streamId) > 0, "opened a window");
      const length = Math.min(left, BODY_FRAME, windows.available(streamId));
      left -= length;
      windows.spend(streamId, length);
      const frame = frames.data(streamId, new Uint8Array(length));
      await this.send(endStream && left === 0 ? frame.endStream() : frame);
    }
  }

  /** Answers every request by the rules from now on: 200 and "hello", when its body is there. */
  async serve(): Promise<never> {
    for (;;) {
      const request = await this.expectRequest();
      this.#answer(request).catch(ignoreGone);
    }
  }

  async #answer(request: PeerRequest): Promise<void> {
    await this.expectEnd(request);
    if (request.resetCode === null) await this.respond(request);
  }

  // -- Behaviour --------------------------------------------------------------------------------------------

  /** From now on does not do by itself what it would do. */
  withhold(...courtesies: readonly Courtesy[]): void {
    for (const courtesy of courtesies) this.inbox.withheld.add(courtesy);
  }

  /** Sends nothing at all any more and keeps the connection. It settles, by failing, when the client has ended it. */
  fallSilent(): Promise<void> {
    this.withhold("settings-ack", "ping-ack", "window-updates");
    return this.expectGone();
  }

  /** Reads nothing any more. */
  stopReading(): void {
    this.#transport.pause();
  }

  /** Ends this half when all was sent. */
  end(): void {
    this.#transport.end();
  }

  /** Ends this half without TLS's close_notify. */
  truncate(): void {
    this.#transport.truncate();
  }

  /** Breaks the connection off, by RST. */
  cut(): void {
    this.#transport.cut();
  }

  // -- Expecting --------------------------------------------------------------------------------------------

  /** The next request, as soon as its head came. */
  expectRequest(): Promise<PeerRequest> {
    return this.inbox.nextRequest();
  }

  /** Waits until the request came whole, or was reset. */
  expectEnd(request: PeerRequest): Promise<void> {
    return this.inbox.until(() => request.isComplete || request.resetCode !== null, "completed a request");
  }

  /** Waits until so many octets of the request's body came. */
  expectBody(request: PeerRequest, octets: number): Promise<void> {
    return this.inbox.until(() => request.octets >= octets, `sent ${octets} octets of a body`);
  }

  /** The next frame of this type, but DATA, HEADERS and CONTINUATION, which belong to requests. */
  expectFrame(type: number): Promise<Frame> {
    return this.inbox.nextFrame(type, () => true);
  }

  /** Waits for an acknowledgement of SETTINGS. */
  async expectSettingsAck(): Promise<void> {
    await this.inbox.nextFrame(FrameType.SETTINGS, (frame) => "ack" in frame && frame.ack);
  }

  /** Settles, by failing, when the client has ended the connection. */
  expectGone(): Promise<void> {
    return this.inbox.until(() => false, "did anything else");
  }
}

/** Octets of a DATA frame in bodies that go by the rules. */
const BODY_FRAME = 16_384;

function ignoreGone(error: unknown): void {
  if (!(error instanceof PeerGone)) throw error;
}
