import type { FrameObserver } from "../../connection/configuration.ts";
import { H2Error } from "../../connection/errors.ts";
import { type ClientResponse, type ClientSession, connect } from "../../http/client.ts";
import type { GetOptions } from "../arguments.ts";
import { type BodyOutput, NO_OUTPUT, openOutput, writeStandardOutput } from "../body-output.ts";
import { BodyRecord, exchangeAccount, Stopwatch } from "../exchange-account.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import { renderFields, renderFrame, renderHead, renderProtocol } from "../render.ts";
import { type RequestInput, requestInput } from "../request-input.ts";
import { parseTarget, type Target } from "../target.ts";
import { paintFor, printableText } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Milliseconds for connection and negotiation where the user sets no time. */
const CONNECT_TIMEOUT = 30_000;

/** `h2wire get`: one request, one response. */
export async function get(address: string, options: GetOptions): Promise<void> {
  const target = parseTarget(address);
  if (target.isTls && (options.upgrade === true || options.priorKnowledge === true)) {
    const name = options.upgrade === true ? "--upgrade" : "--prior-knowledge";
    throw new CommandFailure(ExitCode.USAGE, `${name} is for http:// URLs; over TLS, ALPN negotiates`);
  }
  const input = await requestInput(target, options, VERSION);
  const signal = options.maxTime === undefined ? null : AbortSignal.timeout(options.maxTime);
  try {
    await exchange(target, input, options, signal);
  } catch (error) {
    if (signal?.aborted !== true || error instanceof CommandFailure) throw error;
    const message = `there was no whole response in ${(options.maxTime as number) / 1000} seconds`;
    throw new CommandFailure(ExitCode.TIMEOUT, message, { cause: error });
  }
}

async function exchange(
  target: Target,
  input: RequestInput,
  options: GetOptions,
  signal: AbortSignal | null,
): Promise<void> {
  const watch = new Stopwatch();
  const session = await connect(target.origin, connectOptions(options));
  watch.connected = watch.elapsed;
  try {
    if (options.upgrade !== true) printProtocol(session, options);
    const response = await send(session, input, signal);
    watch.responded = watch.elapsed;
    // Only the answer to an offer of h2c tells what is spoken.
    if (options.upgrade === true) printProtocol(session, options);
    printHead(session, response, options);
    const body = await deliver(response, options);
    await printRest(session, response, body, watch, options);
  } catch (error) {
    // Nobody waits for a peer that has failed.
    void session.close();
    throw error;
  }
  await session.close();
}

async function send(
  session: ClientSession,
  input: RequestInput,
  signal: AbortSignal | null,
): Promise<ClientResponse> {
  try {
    return await session.request({ ...input, ...(signal === null ? {} : { signal }) });
  } catch (error) {
    // The options ask for what cannot be sent.
    const isUnsendable = error instanceof TypeError || error instanceof H2Error;
    throw isUnsendable ? new CommandFailure(ExitCode.USAGE, error.message, { cause: error }) : error;
  }
}

type ConnectOptions = NonNullable<Parameters<typeof connect>[1]>;

function connectOptions(options: GetOptions): ConnectOptions {
  return {
    negotiation: negotiationOf(options),
    timeouts: { connect: options.maxTime ?? CONNECT_TIMEOUT },
    ...(options.insecure === true ? { tls: { rejectUnauthorized: false } } : {}),
    ...(options.verbose === true ? { observer: frameObserver() } : {}),
  };
}

function negotiationOf(options: GetOptions): "auto" | "upgrade" | "prior-knowledge" | "http/1.1" {
  if (options.upgrade === true) return "upgrade";
  if (options.priorKnowledge === true) return "prior-knowledge";
  return options["http1.1"] === true ? "http/1.1" : "auto";
}

/** Shows every frame, and what its field block came to, while it travels. */
function frameObserver(): FrameObserver {
  const paint = paintFor(process.stderr);
  return { frame: (direction, frame, fields) => printLines(renderFrame(direction, frame, fields, paint)) };
}

function printProtocol({ protocol, negotiated, tls }: ClientSession, options: GetOptions): void {
  if (options.verbose !== true) return;
  const protection = tls === null ? "without TLS" : printableText(`${tls.version} ${tls.cipher}`);
  const line = `* ${renderProtocol(protocol, negotiated)}, ${protection}`;
  printLines([paintFor(process.stderr)("dim", line)]);
}

function printHead({ protocol }: ClientSession, response: ClientResponse, options: GetOptions): void {
  // Where there are no frames, the head is what there is to see.
  if (options.include !== true && (options.verbose !== true || protocol === "h2")) return;
  for (const { status, headers } of response.informational) printLines(renderHead(protocol, status, headers));
  printLines(renderHead(protocol, response.status, response.headers));
}

/** Takes the body to where it is wanted. */
async function deliver(response: ClientResponse, options: GetOptions): Promise<BodyRecord> {
  const isAccount = options.json === true;
  const record = new BodyRecord(isAccount && options.output === undefined);
  const path = options.output ?? "-";
  const open = async (): Promise<BodyOutput> => (isAccount && path === "-" ? NO_OUTPUT : openOutput(path));
  let output: BodyOutput | null = null;
  try {
    for await (const octets of response.body) {
      // Not before: a loop that is left ends the stream too.
      output ??= await open();
      if (isAccount) record.add(octets);
      await output.write(octets);
    }
    output ??= await open();
  } finally {
    await output?.close();
  }
  return record;
}

async function printRest(
  session: ClientSession,
  response: ClientResponse,
  body: BodyRecord,
  watch: Stopwatch,
  options: GetOptions,
): Promise<void> {
  if (options.include === true) printLines(renderFields(await response.trailers));
  if (options.json !== true) return;
  const account = await exchangeAccount(session, response, body, watch);
  await writeStandardOutput(`${JSON.stringify(account, null, 2)}\n`);
}

function printLines(lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
}
