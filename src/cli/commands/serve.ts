import { readFile } from "node:fs/promises";
import { createServer, type Listener, type Server, type UpgradePolicy } from "../../http/server.ts";
import type { ServeOptions } from "../arguments.ts";
import { cleartextCurlLines, renderCurlLines, tlsCurlLines } from "../curl-lines.ts";
import { echo } from "../echo.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import { listening } from "../listening.ts";
import { logRequests } from "../request-log.ts";
import { serveFolder } from "../static-files.ts";
import { type Paint, paintFor, printableText } from "../terminal.ts";
import { untilSignal } from "../until-signal.ts";

type Tls = "self-signed" | { readonly key: string; readonly cert: string };

/** `h2wire serve`: listens until a signal comes, and then until the requests under way are done. */
export async function serve(folder: string | undefined, options: ServeOptions): Promise<void> {
  const paint = paintFor(process.stdout);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const tls = await tlsOf(options);
  const upgrade = options.upgrade ?? (isLoopback(options.host) ? "accept" : "ignore");
  const listener = logRequests(folder === undefined ? echo : serveFolder(folder), print, paint);
  const server = await listen(upgrade, tls, listener, options);
  const signal = untilSignal();
  for (const line of introduction(server.url, folder, upgrade, tls, paint)) print(line);
  await signal;
  print(paint("dim", "Closing when the requests under way are done; a second signal ends them."));
  await server.shutdown();
}

async function tlsOf({ tls, cert, key }: ServeOptions): Promise<Tls | null> {
  if (cert !== undefined && key !== undefined) {
    return { cert: await readText(cert), key: await readText(key) };
  }
  if (cert !== undefined || key !== undefined) {
    throw new CommandFailure(ExitCode.USAGE, "--cert and --key belong together");
  }
  return tls === true ? "self-signed" : null;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CommandFailure(ExitCode.READ, (error as Error).message, { cause: error });
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

async function listen(
  upgrade: UpgradePolicy,
  tls: Tls | null,
  listener: Listener,
  { port, host }: ServeOptions,
): Promise<Server> {
  try {
    const server = createServer({ upgrade, ...(tls === null ? {} : { tls }) }, listener);
    return await listening(server, port, host);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    // What no call of the system said is from TLS, about what it was given.
    if (syscall !== undefined) throw new CommandFailure(ExitCode.FAILED, message, { cause: error });
    throw new CommandFailure(ExitCode.READ, `certificate or key is of no use: ${message}`, { cause: error });
  }
}

function introduction(
  url: string,
  folder: string | undefined,
  upgrade: string,
  tls: Tls | null,
  paint: Paint,
): string[] {
  const what = folder === undefined ? "an account of each request" : `the files of ${printableText(folder)}`;
  const cleartext = `HTTP/2 by prior knowledge${UPGRADE_WORDS[upgrade]}; HTTP/1.1`;
  const speaks = tls === null ? cleartext : "HTTP/2 and HTTP/1.1 over TLS, by ALPN";
  const lines = tls === null ? cleartextCurlLines(url) : tlsCurlLines(url, tls !== "self-signed");
  return [
    `${paint("bold", url)} serves ${what}.`,
    `It speaks ${speaks}.`,
    "",
    "Try:",
    ...renderCurlLines(upgrade === "accept" ? lines : lines.filter(([, purpose]) => purpose !== "Upgrade")),
    "",
  ];
}

const UPGRADE_WORDS: Readonly<Record<string, string>> = {
  accept: " and by Upgrade",
  ignore: " (Upgrade is ignored)",
  reject: " (Upgrade is rejected)",
};
