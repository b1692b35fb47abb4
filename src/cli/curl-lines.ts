/** Lines that reach a server with curl, each with what it shows. */
export type CurlLine = readonly [command: string, purpose: string];

/** @param url - of a port without TLS. */
export function cleartextCurlLines(url: string): CurlLine[] {
  return [
    [`curl -v --http2 ${url}/`, "Upgrade"],
    [`curl -v --http2-prior-knowledge ${url}/`, "prior knowledge"],
    [`curl -v --http1.1 ${url}/`, "HTTP/1.1"],
  ];
}

/** @param isTrusted - whether the certificate may be one that a client can check. */
export function tlsCurlLines(url: string, isTrusted: boolean): CurlLine[] {
  const insecure = isTrusted ? "" : "-k ";
  return [
    [`curl -v ${insecure}${url}/`, "ALPN, h2"],
    [`curl -v ${insecure}--http1.1 ${url}/`, "ALPN, http/1.1"],
  ];
}

/** The lines in two columns. */
export function renderCurlLines(lines: readonly CurlLine[]): string[] {
  const width = Math.max(...lines.map(([command]) => command.length));
  return lines.map(([command, purpose]) => `  ${command.padEnd(width)}  # ${purpose}`);
}
