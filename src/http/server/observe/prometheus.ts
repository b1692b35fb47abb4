import type { ServerStats } from "../server-options.ts";

/** A family of metrics in the text format of Prometheus. */
interface Family {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly samples: readonly (readonly [labels: string, value: number])[];
}

/** The statistics of a server in the text format of Prometheus, version 0.0.4. */
export function prometheusMetrics(stats: ServerStats): string {
  return families(stats).map(textOf).join("");
}

function families({ totals, ...now }: ServerStats): Family[] {
  const negotiating = now.connections - now.http2Connections - now.http1Connections;
  const gauges: Family[] = [
    gauge("connections", "Open connections.", [
      ['protocol="h2"', now.http2Connections],
      ['protocol="http/1.1"', now.http1Connections],
      ['protocol="negotiating"', negotiating],
    ]),
    gauge("requests_in_flight", "Requests that are not answered yet.", [
      ['protocol="h2"', now.streams],
      ['protocol="http/1.1"', now.http1Requests],
    ]),
  ];
  return [
    ...gauges,
    counter("connections_total", "Connections, by the protocol that they came to speak.", [
      ['protocol="h2"', totals.http2Connections],
      ['protocol="http/1.1"', totals.http1Connections],
    ]),
    counter("requests_total", "Requests.", [
      ['protocol="h2"', totals.http2Requests],
      ['protocol="http/1.1"', totals.http1Requests],
    ]),
    counter("octets_total", "Octets on all connections.", [
      ['direction="received"', totals.octetsReceived],
      ['direction="sent"', totals.octetsSent],
    ]),
    counter("stream_resets_total", "Streams that ended by RST_STREAM.", [
      ['reason="client"', totals.resetsReceived],
      ['reason="rule"', totals.resetsProvoked],
    ]),
    counter("connection_errors_total", "Connections that were ended because the client broke a rule.", [
      ["", totals.connectionErrors],
    ]),
    counter(
      "limits_reached_total",
      "Limits that clients have reached.",
      Object.entries(totals.limits).map(([name, count]) => [`limit="${name}"`, count]),
    ),
  ];
}

function gauge(name: string, help: string, samples: Family["samples"]): Family {
  return { name, type: "gauge", help, samples };
}

function counter(name: string, help: string, samples: Family["samples"]): Family {
  return { name, type: "counter", help, samples };
}

function textOf({ name, type, help, samples }: Family): string {
  const full = `h2wire_${name}`;
  const lines = [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`];
  for (const [labels, value] of samples) lines.push(`${full}${labels === "" ? "" : `{${labels}}`} ${value}`);
  return `${lines.join("\n")}\n`;
}
