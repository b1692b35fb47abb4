import { selfSigned } from "../../http/self-signed.ts";
import { createServer } from "../../http/server.ts";
import type { DemoOptions } from "../arguments.ts";
import { cleartextCurlLines, renderCurlLines, tlsCurlLines } from "../curl-lines.ts";
import { echo } from "../echo.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure, failureOf } from "../failure.ts";
import { type Column, renderTable, renderTime } from "../render.ts";
import { logRequests } from "../request-log.ts";
import { type Paint, paintFor, printableText } from "../terminal.ts";
import { untilSignal } from "../until-signal.ts";
import { goWay, type Outcome, WAYS, type Way } from "../ways.ts";

const COLUMNS: readonly Column[] = [
  { heading: "Way", side: "left" },
  { heading: "Protocol", side: "left" },
  { heading: "TLS", side: "left" },
  { heading: "Cipher", side: "left" },
  { heading: "Status", side: "right" },
  { heading: "Octets", side: "right" },
  { heading: "Time", side: "right" },
];

const TITLE = "The client and the server of h2wire, by every way into HTTP/2:";

const HOST = "127.0.0.1";

/** `h2wire demo`: our client and our server by every way, a table of what came of it, and then the server alone. */
export async function demo(options: DemoOptions): Promise<void> {
  const paint = paintFor(process.stdout);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const certificate = await selfSigned();
  let isServing = false;
  // The demonstration's own requests are in its table.
  const log = logRequests(echo, (line) => isServing && print(line), paint);
  const cleartext = await createServer({ upgrade: "accept" }, log).listen(0, HOST);
  const tls = await createServer({ tls: certificate }, log).listen(0, HOST);
  const signal = options.once === true ? null : untilSignal();
  try {
    const outcomes: Outcome[] = [];
    for (const way of WAYS)
      outcomes.push(await attempt(way, (way.isTls ? tls : cleartext).url, certificate.cert));
    for (const line of report(outcomes, paint)) print(line);
    if (signal === null) return judge(outcomes);
    isServing = true;
    for (const line of invitation(cleartext.url, tls.url, paint)) print(line);
    await signal;
  } finally {
    await Promise.all([cleartext.close(), tls.close()]);
  }
}

async function attempt(way: Way, origin: string, certificate: string): Promise<Outcome> {
  try {
    return await goWay(way, origin, certificate);
  } catch (error) {
    const complaint = failureOf(error).message;
    return { protocol: "none", tls: null, status: 0, octets: 0, time: 0, complaint };
  }
}

function report(outcomes: readonly Outcome[], paint: Paint): string[] {
  const rows = WAYS.map((way, index) => row(way, outcomes[index] as Outcome));
  const [headings = "", rule = "", ...lines] = renderTable(COLUMNS, rows, paint);
  const marked = lines.map((line, index) => `${markOf(outcomes[index] as Outcome, paint)} ${line}`);
  const complaints = complaintsAbout(outcomes).map((complaint) => paint("red", complaint));
  const verdict = complaints.length > 0 ? complaints : ["Every way resulted in what it should."];
  return [TITLE, "", `  ${headings}`, `  ${rule}`, ...marked, "", ...verdict];
}

function markOf({ complaint }: Outcome, paint: Paint): string {
  return complaint === null ? paint("green", "✓") : paint("red", "✗");
}

function row(way: Way, { protocol, tls, status, octets, time }: Outcome): string[] {
  const numbers = status === 0 ? ["-", "-", "-"] : [String(status), String(octets), renderTime(time)];
  return [way.name, protocol, tls?.version ?? "-", tls?.cipher ?? "-", ...numbers];
}

function complaintsAbout(outcomes: readonly Outcome[]): string[] {
  const complaints: string[] = [];
  for (const [index, { name, expected }] of WAYS.entries()) {
    const { complaint } = outcomes[index] as Outcome;
    if (complaint === null) continue;
    const wanted = `${expected.protocol} by ${expected.negotiated}`;
    complaints.push(printableText(`${name}: it should be ${wanted}, but ${complaint}.`));
  }
  return complaints;
}

/** @throws CommandFailure if a way did not result in what it should. */
function judge(outcomes: readonly Outcome[]): void {
  const failed = complaintsAbout(outcomes).length;
  if (failed === 0) return;
  throw new CommandFailure(
    ExitCode.FAILED,
    `${failed} of ${WAYS.length} ways did not result in what they should`,
  );
}

function invitation(cleartext: string, tls: string, paint: Paint): string[] {
  const more: readonly [string, string] = [
    `curl --http2-prior-knowledge '${cleartext}/?size=1000000&chunks=10&trailers=1' -o /dev/null`,
    "a megabyte, and trailers",
  ];
  const lines = [...cleartextCurlLines(cleartext), ...tlsCurlLines(tls, false)];
  return [
    "",
    `${paint("bold", cleartext)} and ${paint("bold", tls)} go on serving until Ctrl+C. Try:`,
    ...renderCurlLines(lines),
    ...renderCurlLines([more]),
    "",
  ];
}
