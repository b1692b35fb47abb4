import { type Column, renderTable, renderTime } from "./render.ts";
import { type Paint, printableText } from "./terminal.ts";
import { type Outcome, WAYS, type Way } from "./ways.ts";

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

/** What came of all ways, in a table, and what is not as it should be. */
export function renderOutcomes(outcomes: readonly Outcome[], paint: Paint): string[] {
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

/** A sentence for each way that did not result in what it should. */
export function complaintsAbout(outcomes: readonly Outcome[]): string[] {
  const complaints: string[] = [];
  for (const [index, { name, expected }] of WAYS.entries()) {
    const { complaint } = outcomes[index] as Outcome;
    if (complaint === null) continue;
    const wanted = `${expected.protocol} by ${expected.negotiated}`;
    complaints.push(printableText(`${name}: it should be ${wanted}, but ${complaint}.`));
  }
  return complaints;
}
