import { selfSigned } from "../../http/server/port/self-signed.ts";
import { createServer } from "../../http/server.ts";
import type { DemoOptions } from "../arguments.ts";
import { cleartextCurlLines, renderCurlLines, tlsCurlLines } from "../curl-lines.ts";
import { echo } from "../echo.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure, failureOf } from "../failure.ts";
import { listening } from "../listening.ts";
import { complaintsAbout, renderOutcomes } from "../outcome-table.ts";
import { recordRequests, renderRequest } from "../request-log.ts";
import { type Paint, paintFor } from "../terminal.ts";
import { untilSignal } from "../until-signal.ts";
import { goWay, type Outcome, WAYS, type Way } from "../ways.ts";

const HOST = "127.0.0.1";

/** `h2wire demo`: our client and our server by every way, a table of what came of it, and then the server alone. */
export async function demo(options: DemoOptions): Promise<void> {
  const paint = paintFor(process.stdout);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const certificate = await selfSigned();
  let isServing = false;
  // The demonstration's own requests are in its table.
  const log = recordRequests(echo, (request) => isServing && print(renderRequest(request, paint)));
  const cleartext = await listening(createServer({ upgrade: "accept" }, log), 0, HOST);
  const tls = await listening(createServer({ tls: certificate }, log), 0, HOST);
  const signal = options.once === true ? null : untilSignal();
  try {
    const outcomes: Outcome[] = [];
    for (const way of WAYS) {
      const { url } = way.isTls ? tls : cleartext;
      outcomes.push(await attempt(way, url, certificate.cert));
    }
    for (const line of renderOutcomes(outcomes, paint)) print(line);
    if (signal === null) return judge(outcomes);
    isServing = true;
    for (const line of invitation(cleartext.url, tls.url, paint)) print(line);
    await signal;
  } finally {
    await Promise.all([cleartext.shutdown(), tls.shutdown()]);
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
  const lines = [...cleartextCurlLines(cleartext), ...tlsCurlLines(tls, false)];
  lines.push([`curl -i --http2-prior-knowledge '${cleartext}/?status=201&trailers=1'`, "trailers"]);
  return [
    "",
    `${paint("bold", cleartext)} and ${paint("bold", tls)} go on serving until Ctrl+C. Try:`,
    ...renderCurlLines(lines),
    "",
  ];
}
