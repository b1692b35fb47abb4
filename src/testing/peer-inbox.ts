import { type Frame, FrameType, frameTypeName, SettingId } from "../frames/index.ts";
import type { HeaderField } from "../hpack/index.ts";
import { frames } from "./frames.ts";
import { PeerGone } from "./peer-gone.ts";
import { PeerRequest } from "./peer-request.ts";
import { PeerWindows } from "./peer-windows.ts";
import { type SentFrame, WireReader } from "./wire-reader.ts";

/** What a peer does by itself unless its script withholds it. */
export type Courtesy = "settings-ack" | "ping-ack" | "window-updates";

/** What a client has sent to a scripted server, and the waiting for more. */
export class PeerInbox {
  readonly windows: PeerWindows;
  readonly withheld: Set<Courtesy>;
  readonly #send: (octets: Uint8Array) => void;
  readonly #reader: WireReader;
  readonly #requests: Map<number, PeerRequest>;
  /** Requests that no script has taken. */
  readonly #arrived: PeerRequest[];
  /** Frames that no script has taken, but those that belong to requests. */
  readonly #others: Frame[];
  /** Whether the field block that is under way ends its stream. */
  #endsWithBlock: boolean;
  #wake: () => void;
  #woken: Promise<void>;
  #isEnded: boolean;

  /** @param send - for the answers that the protocol owes. */
  constructor(send: (octets: Uint8Array) => void) {
    this.windows = new PeerWindows();
    this.withheld = new Set();
    this.#send = send;
    this.#reader = new WireReader(true);
    this.#requests = new Map();
    this.#arrived = [];
    this.#others = [];
    this.#endsWithBlock = false;
    this.#wake = () => {};
    this.#woken = Promise.resolve();
    this.#isEnded = false;
    this.#noteChange();
  }

  get requestCount(): number {
    return this.#requests.size;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  // -- Waiting ----------------------------------------------------------------------------------------------

  async nextRequest(): Promise<PeerRequest> {
    await this.until(() => this.#arrived.length > 0, "sent a request");
    return this.#arrived.shift() as PeerRequest;
  }

  /** The next frame of a type; those before it count as taken. */
  async nextFrame(type: number, matches: (frame: Frame) => boolean): Promise<Frame> {
    let index = -1;
    await this.until(
      () => {
        index = this.#others.findIndex((frame) => frame.type === type && matches(frame));
        return index >= 0;
      },
      `sent ${frameTypeName(type)}`,
    );
    return this.#others.splice(0, index + 1)[index] as Frame;
  }

  /** @throws PeerGone when the client ends the connection before. */
  async until(isTrue: () => boolean, awaited: string): Promise<void> {
    while (!isTrue()) {
      if (this.#isEnded) throw new PeerGone(awaited);
      await this.#woken;
    }
  }

  // -- Receiving --------------------------------------------------------------------------------------------

  /** @throws a fault, which is no Error, for octets that break a rule. */
  receive(octets: Uint8Array): void {
    for (const sent of this.#reader.read(octets)) this.#take(sent);
    this.#noteChange();
  }

  ended(): void {
    this.#isEnded = true;
    this.#noteChange();
  }

  #noteChange(): void {
    this.#wake();
    this.#woken = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #take({ frame, fields }: SentFrame): void {
    switch (frame.type) {
      case FrameType.DATA:
        this.#takeData(frame.streamId, frame.length, frame.endStream);
        return;
      case FrameType.HEADERS:
        this.#endsWithBlock = frame.endStream;
        if (frame.endHeaders) this.#takeBlock(frame.streamId, fields);
        return;
      case FrameType.CONTINUATION:
        if (frame.endHeaders) this.#takeBlock(frame.streamId, fields);
        return;
      default:
        this.#others.push(frame);
        this.#heed(frame);
    }
  }

  /** A second block on a stream has trailers. */
  #takeBlock(streamId: number, fields: readonly HeaderField[]): void {
    let request = this.#requests.get(streamId);
    if (request === undefined) {
      request = new PeerRequest(streamId, fields);
      this.#requests.set(streamId, request);
      this.#arrived.push(request);
    }
    if (this.#endsWithBlock) request.isComplete = true;
  }

  #takeData(streamId: number, length: number, isLast: boolean): void {
    const request = this.#requests.get(streamId);
    if (request !== undefined) {
      request.octets += length;
      request.isComplete ||= isLast;
    }
    if (length === 0) return;
    this.#courteously("window-updates", frames.windowUpdate(0, length));
    if (!isLast) this.#courteously("window-updates", frames.windowUpdate(streamId, length));
  }

  #heed(frame: Frame): void {
    switch (frame.type) {
      case FrameType.SETTINGS:
        if (!frame.ack) this.#takeSettings(frame.settings);
        return;
      case FrameType.PING:
        if (!frame.ack) this.#courteously("ping-ack", frames.raw(FrameType.PING, ACK, 0, frame.data));
        return;
      case FrameType.WINDOW_UPDATE:
        this.windows.grant(frame.streamId, frame.increment);
        return;
      case FrameType.RST_STREAM: {
        const request = this.#requests.get(frame.streamId);
        if (request !== undefined) request.resetCode = frame.errorCode;
        return;
      }
      default:
    }
  }

  #takeSettings(settings: readonly (readonly [id: number, value: number])[]): void {
    for (const [id, value] of settings) if (id === SettingId.INITIAL_WINDOW_SIZE) this.windows.begin(value);
    this.#courteously("settings-ack", frames.settingsAck());
  }

  #courteously(courtesy: Courtesy, octets: Uint8Array): void {
    if (!this.withheld.has(courtesy)) this.#send(octets);
  }
}

const ACK = 0x1;
