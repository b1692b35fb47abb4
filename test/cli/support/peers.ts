import type http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { certificate } from "../../support/certificate.ts";
import { listen, octetsOf } from "../../support/sockets.ts";

/** A server of node:http2 over TLS that speaks HTTP/2 only. @returns its URL. */
export async function http2OverTls(
  answer: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
): Promise<string> {
  const server = http2.createSecureServer(await certificate());
  server.on("stream", answer);
  return `https://127.0.0.1:${await listen(server)}`;
}

/** A server of node:http2 without TLS. @returns its URL. */
export async function http2Cleartext(answer: (stream: http2.ServerHttp2Stream) => void): Promise<string> {
  const server = http2.createServer();
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    answer(stream);
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

/** A server of node:https, which knows HTTP/1.1 only. @returns its URL. */
export async function http1OverTls(answer: http.RequestListener): Promise<string> {
  return `https://127.0.0.1:${await listen(https.createServer(await certificate(), answer))}`;
}

/** A server that allows only the TLS 1.2 suite. @returns its URL. */
export async function tls12Server(cipher: string): Promise<string> {
  const options = { ...(await certificate()), ciphers: cipher, maxVersion: "TLSv1.2", ALPNProtocols: ["h2"] };
  const server = tls.createServer(options as tls.TlsOptions, (socket) => socket.on("error", () => {}));
  server.on("tlsClientError", () => {});
  return `https://127.0.0.1:${await listen(server)}`;
}

/** A server that answers the first octets of each connection with these, and ends it. @returns its URL. */
export async function rawServer(answer: string): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(octetsOf(answer)));
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

/** A server that takes connections and says nothing. @returns its URL. */
export async function silentServer(): Promise<string> {
  return `http://127.0.0.1:${await listen(net.createServer((socket) => socket.on("error", () => {})))}`;
}

/** The URL of a port where nobody listens. */
export async function nobody(): Promise<string> {
  const server = net.createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
