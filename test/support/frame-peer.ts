import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describeFrame } from "../../src/frames/index.ts";
import { frames, joined, type Wire } from "./frames.ts";
import { fieldText, WireReader } from "./wire.ts";

/** What a client begins with, and its acknowledgement of the server's SETTINGS. */
export const HELLO: Uint8Array = joined(frames.preface(), frames.settings(), frames.settingsAck());

/** A whole request on a stream. */
export function get(streamId: number, path = "/"): Uint8Array {
  return joined(frames.headers(streamId).request("GET", path).endStream());
}

/** The other end of a socket, played by the test: it sends frames, right or wrong, and notes those that come. */
export class FramePeer {
  readonly socket: Duplex;
  /** Whether the other side has ended its half. */
  hasEnded: boolean;
  readonly #reader: WireReader;
  #came: string[];
  readonly #watchers: Set<() => void>;

  /** @param isServer - whether the other side is a client, and begins with the preface. */
  constructor(socket: Duplex, isServer: boolean = false) {
    this.socket = socket;
    this.hasEnded = false;
    this.#reader = new WireReader(isServer);
    this.#came = [];
    this.#watchers = new Set();
    socket.on("error", () => {});
    socket.on("end", () => {
      this.hasEnded = true;
      this.#note();
    });
    socket.on("data", (chunk: Uint8Array) => {
      for (const { frame, fields } of this.#reader.read(chunk)) {
        this.#came.push([describeFrame(frame), ...fields.map(fieldText)].join(" "));
      }
      this.#note();
    });
  }

  /** Sends frames, in one piece. */
  send(...parts: readonly Wire[]): void {
    this.socket.write(joined(...parts));
  }

  /** The frames that came since the last call, one line each, but those that belong to SETTINGS and windows. */
  came(): string[] {
    const came = this.#came;
    this.#came = [];
    return came.filter((line) => !/^(SETTINGS|WINDOW_UPDATE)/.test(line));
  }

  /** Waits until a frame came that matches, and takes it and those before it. */
  async waitFor(pattern: RegExp): Promise<string[]> {
    for (;;) {
      const index = this.#came.findIndex((line) => pattern.test(line));
      if (index >= 0) return this.#came.splice(0, index + 1);
      if (this.hasEnded)
        throw new Error(`the connection ended, and before it came: ${this.#came.join(", ")}`);
      await this.#somethingCame();
    }
  }

  /** Waits until the other side has ended its half. */
  async waitForEnd(): Promise<void> {
    while (!this.hasEnded) await this.#somethingCame();
  }

  #somethingCame(): Promise<void> {
    return new Promise((resolve) => {
      const note = (): void => {
        this.#watchers.delete(note);
        resolve();
      };
      this.#watchers.add(note);
    });
  }

  #note(): void {
    for (const note of this.#watchers) note();
  }
}

/** Lets everything happen that is on its way in memory. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await nextTurn();
}
