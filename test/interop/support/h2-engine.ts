import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { H2Connection, type H2Event, HeaderField } from "../../../src/index.ts";
import { python } from "./scripts.ts";
import { spawnTool } from "./tool.ts";

/** A field of a conversation: name, value, and whether it must stay out of the compression tables. */
export type Field = readonly [name: string, value: string, sensitive: boolean];

/** An event as a list: its name, then what it says. Octets are hexadecimal digits. */
export type Told = readonly unknown[];

/** What a side is asked to do; names are hyper-h2's, in camelCase. */
export type Call =
  | readonly ["sendHeaders", number, readonly Field[], HeadOptions]
  | readonly ["sendData", number, string, { readonly endStream: boolean; readonly padLength?: number }]
  | readonly ["endStream", number]
  | readonly ["pushStream", number, number, readonly Field[]]
  | readonly ["resetStream", number, { readonly errorCode: number }]
  | readonly ["ping", string]
  | readonly ["updateSettings", Readonly<Record<number, number>>]
  | readonly ["prioritize", number, Weighing]
  | readonly [
      "advertiseAlternativeService",
      string,
      { readonly origin: string } | { readonly streamId: number },
    ]
  | readonly ["incrementFlowControlWindow", number, { readonly streamId?: number }]
  | readonly ["acknowledgeReceivedData", number, number]
  | readonly ["closeConnection", { readonly errorCode: number; readonly additionalData: string }];

interface HeadOptions {
  readonly endStream: boolean;
  readonly priorityWeight?: number;
  readonly priorityDependsOn?: number;
  readonly priorityExclusive?: boolean;
}

interface Weighing {
  readonly weight: number;
  readonly dependsOn: number;
  readonly exclusive: boolean;
}

/** One end of a conversation, whichever engine it runs on. */
export interface Side {
  call(call: Call): Promise<void>;
  /** Takes octets and says what they mean. */
  receive(octets: Uint8Array): Promise<Told[]>;
  /** The octets to send since the last time. */
  output(): Promise<Uint8Array>;
  /** What this side may send on a stream, and in one frame; and what the other side may send. */
  windows(streamId: number): Promise<{ send: number; receive: number; frame: number }>;
}

/** Our engine as one end. */
export class OurSide implements Side {
  readonly #connection: H2Connection;

  constructor(clientSide: boolean) {
    this.#connection = new H2Connection({ clientSide });
    this.#connection.initiateConnection();
  }

  async call(call: Call): Promise<void> {
    const [name, ...given] = call;
    const method = this.#connection[name] as (...parameters: unknown[]) => unknown;
    method.apply(
      this.#connection,
      given.map((argument, index) => ours(name, argument, index)),
    );
  }

  async receive(octets: Uint8Array): Promise<Told[]> {
    return this.#connection.receiveData(octets).map(told);
  }

  async output(): Promise<Uint8Array> {
    return this.#connection.dataToSend();
  }

  async windows(streamId: number): Promise<{ send: number; receive: number; frame: number }> {
    return {
      send: this.#connection.localFlowControlWindow(streamId),
      receive: this.#connection.remoteFlowControlWindow(streamId),
      frame: this.#connection.maxOutboundFrameSize,
    };
  }
}

/** The original engine in a process of its own, for any number of connections. */
export class PythonEngine {
  readonly #child: ChildProcess;
  readonly #waiting: ((line: string) => void)[];
  #connections: number;
  #text: string;

  constructor() {
    this.#child = spawnTool(python, [fileURLToPath(new URL("./h2-engine.py", import.meta.url))]);
    this.#waiting = [];
    this.#connections = 0;
    this.#text = "";
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#child.stderr?.pipe(process.stderr);
    this.#child.on("close", () => this.#read(`${JSON.stringify({ failure: "the process ended" })}\n`));
  }

  async open(clientSide: boolean): Promise<PythonSide> {
    const connection = this.#connections++;
    const { output } = await this.ask({ connection, open: { client: clientSide } });
    return new PythonSide(this, connection, output);
  }

  async ask(request: object): Promise<Answer> {
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
    const answer = JSON.parse(line) as Answer & { failure?: string };
    if (answer.failure !== undefined) throw new Error(`Python's h2: ${answer.failure}`);
    return answer;
  }

  /** Ends the process. */
  stop(): void {
    this.#child.stdin?.end();
  }

  #read(text: string): void {
    const lines = (this.#text + text).split("\n");
    this.#text = lines.pop() as string;
    for (const line of lines) this.#waiting.shift()?.(line);
  }
}

interface Answer {
  readonly results: readonly unknown[];
  readonly events: Told[];
  readonly output: string;
}

/** The original engine as one end. */
class PythonSide implements Side {
  readonly #engine: PythonEngine;
  readonly #connection: number;
  #output: string;

  constructor(engine: PythonEngine, connection: number, output: string) {
    this.#engine = engine;
    this.#connection = connection;
    this.#output = output;
  }

  async call([name, ...given]: Call): Promise<void> {
    const last = given.at(-1);
    const hasOptions = name !== "updateSettings" && typeof last === "object" && !Array.isArray(last);
    const positional = hasOptions ? given.slice(0, -1) : given;
    await this.#ask({
      calls: [[snakeCase(name), positional, hasOptions ? snakeCaseKeys(last as object) : {}]],
    });
  }

  async receive(octets: Uint8Array): Promise<Told[]> {
    return (await this.#ask({ receive: hexadecimal(octets) })).events;
  }

  async output(): Promise<Uint8Array> {
    const output = this.#output;
    this.#output = "";
    return octetsOf(output);
  }

  async windows(streamId: number): Promise<{ send: number; receive: number; frame: number }> {
    const { results } = await this.#ask({
      calls: [
        ["local_flow_control_window", [streamId], {}],
        ["remote_flow_control_window", [streamId], {}],
        ["max_outbound_frame_size", [], {}],
      ],
    });
    const [send, receive, frame] = results as [number, number, number];
    return { send, receive, frame };
  }

  async #ask(request: object): Promise<Answer> {
    const answer = await this.#engine.ask({ connection: this.#connection, ...request });
    this.#output += answer.output;
    return answer;
  }
}

/** An argument of a call as our engine wants it. */
function ours(name: Call[0], argument: unknown, index: number): unknown {
  if (Array.isArray(argument)) {
    return argument.map(([field, value, sensitive]: Field) => new HeaderField(field, value, sensitive));
  }
  const isOctets = (name === "sendData" && index === 1) || (name === "ping" && index === 0);
  if (isOctets) return octetsOf(argument as string);
  if (name !== "closeConnection") return argument;
  const { errorCode, additionalData } = argument as { errorCode: number; additionalData: string };
  return { errorCode, additionalData: octetsOf(additionalData) };
}

/** One of our events, with what hyper-h2 tells too. */
function told(event: H2Event): Told {
  switch (event.type) {
    case "RequestReceived":
    case "ResponseReceived":
    case "TrailersReceived": {
      const { type, streamId, headers, streamEnded, priorityUpdated } = event;
      return [type, streamId, fieldsOf(headers), streamEnded !== null, priorityUpdated !== null];
    }
    case "InformationalResponseReceived":
      return [event.type, event.streamId, fieldsOf(event.headers)];
    case "DataReceived": {
      const { type, streamId, data, flowControlledLength, streamEnded } = event;
      return [type, streamId, hexadecimal(data), flowControlledLength, streamEnded !== null];
    }
    case "WindowUpdated":
      return [event.type, event.streamId, event.delta];
    case "RemoteSettingsChanged":
    case "SettingsAcknowledged":
      return [event.type, changes(event.changedSettings.values())];
    case "PingReceived":
    case "PingAckReceived":
      return [event.type, hexadecimal(event.pingData)];
    case "StreamReset":
      return [event.type, event.streamId, event.errorCode, event.remoteReset];
    case "PushedStreamReceived":
      return [event.type, event.pushedStreamId, event.parentStreamId, fieldsOf(event.headers)];
    case "PriorityUpdated":
      return [event.type, event.streamId, event.weight, event.dependsOn, event.exclusive];
    case "AlternativeServiceAvailable":
      return [event.type, event.origin, event.fieldValue];
    case "UnknownFrameReceived": {
      const { frameType, flags, streamId, payload } = event.frame;
      return [event.type, frameType, flags, streamId, hexadecimal(payload)];
    }
    case "ConnectionTerminated": {
      if (event.error !== null) throw new Error(`our engine: ${event.error.reason}`);
      const { type, errorCode, lastStreamId, additionalData } = event;
      return [type, errorCode, lastStreamId, hexadecimal(additionalData ?? new Uint8Array(0))];
    }
    case "StreamEnded":
      return [event.type, event.streamId];
    default:
      return [event.type];
  }
}

type Change = readonly [setting: number, original: number | null, value: number];

function changes(
  changed: Iterable<{ setting: number; originalValue: number | undefined; newValue: number }>,
): Change[] {
  const list = Array.from(changed, ({ setting, originalValue, newValue }): Change => {
    return [setting, originalValue ?? null, newValue];
  });
  return list.sort(([one], [other]) => one - other);
}

function fieldsOf(headers: readonly HeaderField[]): Field[] {
  return headers.map(({ name, value, sensitive }) => [name, value, sensitive]);
}

function hexadecimal(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("hex");
}

function octetsOf(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits, "hex"));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function snakeCaseKeys(options: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [snakeCase(key), value]));
}
