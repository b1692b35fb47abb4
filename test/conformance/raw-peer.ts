import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describeFrame } from "../../src/frames/index.ts";
import { joined, type Wire } from "../support/frames.ts";
import { fieldText, WireReader } from "../support/wire.ts";

/** Milliseconds for whatever a case demands. */
const PATIENCE = 1_500;

/** How frames reach the subject: each dealt with before the next one is sent, or in as few chunks as TCP makes of them. */
export type Pace = "apart" | "together";

/** The other end of a socket, which says right and wrong things, and demands answers in time. */
export class RawPeer {
  readonly socket: Duplex;
  readonly #pace: Pace;
  readonly #reader: WireReader;
  /** All that came, one line a frame, and how many of them were looked at. */
  readonly #came: string[];
  #seen: number;
  /** Whether the subject has closed its half, by an end or by a reset of the transport. */
  #hasEnded: boolean;
  #wake: () => void;

  /** @param isServer - whether the subject is a client, and begins with the preface. */
  constructor(socket: Duplex, pace: Pace, isServer: boolean = false) {
    this.socket = socket;
    this.#pace = pace;
    this.#reader = new WireReader(isServer);
    this.#came = [];
    this.#seen = 0;
    this.#hasEnded = false;
    this.#wake = () => {};
    const ended = (): void => {
      this.#hasEnded = true;
      this.#wake();
    };
    socket
      .on("error", () => {})
      .on("end", ended)
      .on("close", ended);
    socket.on("data", (chunk: Uint8Array) => {
      this.#read(chunk);
      this.#wake();
    });
  }

  async send(wire: Wire): Promise<void> {
    this.socket.write(joined(wire));
    if (this.#pace === "apart") for (let turn = 0; turn < 10; turn++) await nextTurn();
  }

  /** Waits for a line that matches, behind those that were waited for before. */
  async until(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      while (this.#seen < this.#came.length) {
        const line = this.#came[this.#seen++] as string;
        if (pattern.test(line)) return line;
      }
      if (this.#hasEnded) throw new Error(`the connection was closed before ${pattern}; ${this.#story}`);
      await this.#somethingBefore(deadline, `no ${pattern} in time`);
    }
  }

  /** Waits until the subject has closed the connection. */
  async untilClosed(): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!this.#hasEnded) await this.#somethingBefore(deadline, "the connection was not closed in time");
  }

  /** Whether a line that matches came at any time. */
  hasSeen(pattern: RegExp): boolean {
    return this.#came.some((line) => pattern.test(line));
  }

  #read(chunk: Uint8Array): void {
    try {
      for (const { frame, fields } of this.#reader.read(chunk)) {
        this.#came.push([describeFrame(frame), ...fields.map(fieldText)].join(" "));
      }
    } catch {
      this.#came.push("octets that are no frame");
    }
  }

  #somethingBefore(deadline: number, complaint: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`${complaint}; ${this.#story}`));
      const timer = setTimeout(fail, Math.max(0, deadline - performance.now()));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  get #story(): string {
    return `it came: ${this.#came.join(", ") || "nothing"}`;
  }
}
