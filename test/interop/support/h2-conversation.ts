import fc from "fast-check";
import type { Call, Field, Side, Told } from "./h2-engine.ts";

/** One step of a conversation: who acts, and numbers from which it follows what is done, as far as it is legal. */
export interface Step {
  readonly actor: "client" | "server";
  readonly action: number;
  /** Which stream, setting, method and so on. */
  readonly pick: number;
  readonly size: number;
  readonly flag: boolean;
  /** Whether what was said so far arrives before the next step. */
  readonly deliver: boolean;
  readonly fields: readonly Field[];
}

/** What each end was told, in order. */
export interface Heard {
  readonly client: Told[];
  readonly server: Told[];
}

const name = fc.oneof(
  fc.constantFrom("accept", "content-type", "user-agent", "x-a", "x-b", "set-cookie", "etag", "cookie"),
  fc.stringMatching(/^x-[a-z0-9-]{1,20}$/),
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/) },
  { weight: 2, arbitrary: fc.constantFrom("", "text/html", "gzip, deflate", "1", "a=b", "\xe9t\xe9") },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 20_000 }).map((length) => "v".repeat(length)) },
);

/**
 * No empty cookie: joined with others it leaves a blank at the end, which hyper-h2 takes for the sender's. And a
 * name is secret always or never: hyper-h2 sends a secret by its index if it was no secret before.
 */
const field = fc
  .tuple(name, value)
  .filter(([fieldName, fieldValue]) => fieldName !== "cookie" || fieldValue !== "")
  .map(([fieldName, fieldValue]): Field => [fieldName, fieldValue, /^x-[a-f]/.test(fieldName)]);

/** Steps of a whole conversation. */
export const script: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    actor: fc.constantFrom("client", "server"),
    action: fc.nat(13),
    pick: fc.nat(1_000),
    size: fc.oneof(fc.nat(40), fc.nat(40_000)),
    flag: fc.boolean(),
    deliver: fc.boolean(),
    fields: fc.array(field, { maxLength: 4 }),
  }),
  { minLength: 10, maxLength: 45, size: "max" },
);

/** One direction of a stream. */
interface Half {
  state: "idle" | "open" | "ended";
  /** Octets of content that are still to come, where content-length said how many; else null. */
  left: number | null;
}

interface Exchange {
  readonly id: number;
  readonly isPushed: boolean;
  readonly isHead: boolean;
  readonly request: Half;
  readonly response: Half;
  isReset: boolean;
}

const METHODS = ["GET", "POST", "HEAD", "PUT"];

/** A conversation of two ends, with a model of the streams that tells which step is legal. */
export class Conversation {
  readonly heard: Heard;
  readonly #sides: Readonly<Record<"client" | "server", Side>>;
  readonly #exchanges: Exchange[];
  /** Whether an end announced settings that are not acknowledged: hyper-h2 takes no more than one at a time. */
  readonly #hasPending: Record<"client" | "server", boolean>;
  /**
   * Whether the other end has sent a field block since this one announced a table size. hyper-h2 repeats every size
   * that it heard of in the next block, and so would go beyond the last one.
   */
  readonly #tableSizeSettled: Record<"client" | "server", boolean>;
  #nextRequest: number;
  #nextPush: number;
  #mayPush: boolean;
  #pushWish: boolean;

  constructor(client: Side, server: Side) {
    this.heard = { client: [], server: [] };
    this.#sides = { client, server };
    this.#exchanges = [];
    this.#hasPending = { client: false, server: false };
    this.#tableSizeSettled = { client: true, server: true };
    this.#nextRequest = 1;
    this.#nextPush = 2;
    this.#mayPush = true;
    this.#pushWish = true;
  }

  /** Runs the steps, looks at the windows of both ends, and closes. */
  async run(steps: readonly Step[]): Promise<void> {
    await this.#deliver();
    for (const step of steps) {
      if (step.actor === "client") await this.#clientActs(step);
      else await this.#serverActs(step);
      if (step.deliver) await this.#deliver();
    }
    await this.#deliver();
    await this.#compareWindows();
    const closing = steps.length % 2 === 0 ? "client" : "server";
    await this.#call(closing, ["closeConnection", { errorCode: 2, additionalData: "627965" }]);
    await this.#deliver();
  }

  #clientActs(step: Step): Promise<void> {
    return step.action < 4 ? this.#request(step) : this.#eitherActs(step, "request");
  }

  async #serverActs(step: Step): Promise<void> {
    const waiting = this.#exchanges.filter(({ isReset, response }) => !isReset && response.state === "idle");
    const exchange = waiting[step.pick % waiting.length];
    if (step.action < 3 && exchange !== undefined) return this.#respond(step, exchange);
    if (step.action === 3 && exchange !== undefined && !exchange.isPushed) {
      const { id } = exchange;
      const head: Field[] = [[":status", step.flag ? "103" : "100", false], ...step.fields];
      return this.#call("server", ["sendHeaders", id, head, { endStream: false }]);
    }
    if (step.action === 4) return this.#push(step);
    if (step.action === 5) return this.#alternative(step, exchange);
    return this.#eitherActs(step, "response");
  }

  async #eitherActs(step: Step, direction: "request" | "response"): Promise<void> {
    const open = this.#exchanges.filter((one) => !one.isReset && one[direction].state === "open");
    const exchange = open[step.pick % open.length];
    switch (step.action) {
      case 13:
        return this.#announce(step);
      case 12:
        return this.#sides[step.actor].call(["ping", `${step.pick}`.padStart(16, "0")]);
      case 11:
        return this.#openWindow(step);
      case 10:
        return this.#reset(step);
      case 9:
        return step.actor === "client" ? this.#weigh(step) : undefined;
      case 8:
        return exchange === undefined ? undefined : this.#end(step, exchange[direction], exchange.id);
      default:
        return exchange === undefined ? undefined : this.#send(step, exchange[direction], exchange);
    }
  }

  async #request({ pick, size, flag, fields }: Step): Promise<void> {
    const id = this.#nextRequest;
    this.#nextRequest += 2;
    const method = METHODS[pick % METHODS.length] as string;
    const hasContent = method === "POST" || method === "PUT";
    const request: Half = { state: hasContent ? "open" : "ended", left: hasContent && flag ? size : null };
    const head: Field[] = [
      [":method", method, false],
      [":scheme", "https", false],
      [":authority", "example.com", false],
      [":path", pick % 3 === 0 ? "/" : `/path/${pick}`, false],
      ...fields,
    ];
    if (request.left !== null) head.push(["content-length", String(size), false]);
    const priority =
      pick % 5 === 0 && isShort(fields) ? { priorityWeight: 1 + (size % 256), priorityExclusive: flag } : {};
    this.#exchanges.push({
      id,
      isPushed: false,
      isHead: method === "HEAD",
      request,
      response: { state: "idle", left: null },
      isReset: false,
    });
    await this.#call("client", ["sendHeaders", id, head, { endStream: !hasContent, ...priority }]);
    // The server can act on what it knows only.
    await this.#deliver();
  }

  async #respond({ size, flag, fields }: Step, { id, isHead, response }: Exchange): Promise<void> {
    const isWhole = isHead || size % 4 === 0;
    const head: Field[] = [[":status", "200", false], ...fields];
    response.state = isWhole ? "ended" : "open";
    response.left = flag && !isWhole ? size : null;
    if (flag && (isHead || !isWhole)) head.push(["content-length", String(size), false]);
    await this.#call("server", ["sendHeaders", id, head, { endStream: isWhole }]);
  }

  async #push({ pick, fields }: Step): Promise<void> {
    const parents = this.#exchanges.filter(
      (one) => !one.isPushed && !one.isReset && one.response.state !== "ended",
    );
    const parent = parents[pick % parents.length];
    if (!this.#mayPush || parent === undefined || !isShort(fields)) return;
    const id = this.#nextPush;
    this.#nextPush += 2;
    const head: Field[] = [
      [":method", "GET", false],
      [":scheme", "https", false],
      [":authority", "example.com", false],
      [":path", `/pushed/${id}`, false],
      ...fields,
    ];
    this.#exchanges.push({
      id,
      isPushed: true,
      isHead: false,
      request: { state: "ended", left: null },
      response: { state: "idle", left: null },
      isReset: false,
    });
    await this.#call("server", ["pushStream", parent.id, id, head]);
    await this.#deliver();
  }

  async #alternative({ pick, flag }: Step, exchange: Exchange | undefined): Promise<void> {
    const service = `h2=":${pick}"; ma=60`;
    if (flag || exchange === undefined || exchange.isPushed) {
      const origin = "https://example.com";
      await this.#call("server", ["advertiseAlternativeService", service, { origin }]);
    } else {
      await this.#call("server", ["advertiseAlternativeService", service, { streamId: exchange.id }]);
    }
  }

  /** DATA, as much as windows and content-length allow, perhaps padded. */
  async #send({ actor, size, flag, pick }: Step, half: Half, { id }: Exchange): Promise<void> {
    const { send, frame } = await this.#sides[actor].windows(id);
    const padding = pick % 4 === 0 ? pick % 256 : -1;
    const room = Math.min(send, frame) - padding - 1;
    if (room < 0) return;
    const length = Math.min(size, room, half.left ?? Number.POSITIVE_INFINITY);
    if (half.left !== null) half.left -= length;
    const endStream = flag && (half.left ?? 0) === 0;
    if (endStream) half.state = "ended";
    const options = padding < 0 ? { endStream } : { endStream, padLength: padding };
    await this.#call(actor, ["sendData", id, "5a".repeat(length), options]);
  }

  /** The end of a message: trailers, or nothing. */
  async #end({ actor, flag, pick, fields }: Step, half: Half, id: number): Promise<void> {
    if ((half.left ?? 0) > 0) return;
    half.state = "ended";
    const trailers = fields.filter(([field]) => field.startsWith("x-"));
    const call: Call = flag
      ? ["sendHeaders", id, [...trailers, ["x-pick", String(pick), false]], { endStream: true }]
      : ["endStream", id];
    await this.#call(actor, call);
  }

  /** Nothing is under way when a stream is reset: what a late frame gets is where the engines differ. */
  async #reset({ actor, pick, size }: Step): Promise<void> {
    await this.#deliver();
    const alive = this.#alive();
    const exchange = alive[pick % alive.length];
    if (exchange === undefined) return;
    exchange.isReset = true;
    await this.#call(actor, ["resetStream", exchange.id, { errorCode: size % 20 }]);
    await this.#deliver();
  }

  async #weigh({ pick, size, flag }: Step): Promise<void> {
    const weighing = { weight: 1 + (size % 256), dependsOn: 0, exclusive: flag };
    await this.#call("client", ["prioritize", 1 + 2 * (pick % 10), weighing]);
  }

  async #openWindow({ actor, pick, size, flag }: Step): Promise<void> {
    const direction = actor === "client" ? "response" : "request";
    const open = this.#exchanges.filter((one) => !one.isReset && one[direction].state === "open");
    const exchange = open[pick % open.length];
    const options = flag || exchange === undefined ? {} : { streamId: exchange.id };
    await this.#call(actor, ["incrementFlowControlWindow", size + 1, options]);
  }

  async #announce({ actor, pick, size, flag }: Step): Promise<void> {
    if (this.#hasPending[actor]) await this.#deliver();
    this.#hasPending[actor] = true;
    const settings: Record<number, number> = {};
    if (pick % 2 === 0 && this.#tableSizeSettled[actor]) {
      settings[1] = size % 8_192;
      this.#tableSizeSettled[actor] = false;
    }
    if (pick % 3 === 0) settings[4] = size * 3;
    if (pick % 5 === 0) settings[5] = 16_384 + size;
    // Of eight bits, since older hyperframes write no more of them.
    if (pick % 7 === 0) settings[0xf0 + (pick % 3)] = size;
    if (actor === "client" && pick % 11 === 0) {
      settings[2] = Number(flag);
      this.#pushWish = flag;
    }
    await this.#call(actor, ["updateSettings", settings]);
  }

  async #call(side: "client" | "server", call: Call): Promise<void> {
    await this.#sides[side].call(call);
    const other = side === "client" ? "server" : "client";
    const isBlock = call[0] === "sendHeaders" || call[0] === "pushStream";
    if (isBlock && !this.#hasPending[other]) this.#tableSizeSettled[other] = true;
  }

  #alive(): Exchange[] {
    return this.#exchanges.filter(
      ({ isReset, request, response }) =>
        !isReset && (request.state !== "ended" || response.state !== "ended"),
    );
  }

  /** Carries octets to and fro until both ends are silent. */
  async #deliver(): Promise<void> {
    for (let isSilent = false; !isSilent; ) {
      isSilent = true;
      for (const [from, to] of [
        ["client", "server"],
        ["server", "client"],
      ] as const) {
        const octets = await this.#sides[from].output();
        if (octets.length === 0) continue;
        isSilent = false;
        const events = await this.#sides[to].receive(octets);
        this.heard[to].push(...events);
        await this.#acknowledge(to, events);
      }
    }
    this.#hasPending.client = false;
    this.#hasPending.server = false;
    this.#mayPush = this.#pushWish;
  }

  /** Gives windows back. A half that has ended needs none of its own, so there only the connection's. */
  async #acknowledge(side: "client" | "server", events: readonly Told[]): Promise<void> {
    const ended = new Set(events.filter(([type]) => type === "StreamEnded").map(([, id]) => id));
    for (const [type, id, , length] of events) {
      if (type !== "DataReceived" || length === 0) continue;
      const call: Call = ended.has(id)
        ? ["incrementFlowControlWindow", length as number, {}]
        : ["acknowledgeReceivedData", length as number, id as number];
      await this.#call(side, call);
    }
  }

  /** What one end may send is what the other lets it send. */
  async #compareWindows(): Promise<void> {
    for (const { id } of this.#alive()) {
      const client = await this.#sides.client.windows(id);
      const server = await this.#sides.server.windows(id);
      this.heard.client.push(["windows", id, client.send, client.receive, client.frame]);
      this.heard.server.push(["windows", id, server.send, server.receive, server.frame]);
      if (client.send !== server.receive || server.send !== client.receive) {
        throw new Error(`the windows of stream ${id} differ: ${JSON.stringify({ client, server })}`);
      }
    }
  }
}

/** Whether one frame has room for them: hyper-h2 forgets what stands before a block, where the block fills a frame. */
function isShort(fields: readonly Field[]): boolean {
  return fields.every(([, text]) => text.length < 3_000);
}
