/** A whole answer of HTTP/1.1 that ends the connection. @param text - a sentence; US-ASCII. */
export function http1Answer(status: string, text: string): Uint8Array {
  const lines = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    "Content-Type: text/plain",
    `Content-Length: ${text.length + 1}`,
    "",
    `${text}\n`,
  ];
  return new TextEncoder().encode(lines.join("\r\n"));
}
