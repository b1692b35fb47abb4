import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { tlsServerOptions } from "./tls-profile.ts";

/** What plays the server's part on each connection: a `ScriptedServer` of `h2wire/testing`. */
export interface ScriptedPart {
  begin(transport: ScriptedTransport): ScriptedEnd;
}

/** The socket of a scripted server, as its script uses it. */
export interface ScriptedTransport {
  write(octets: Uint8Array): Promise<void>;
  end(): void;
  truncate(): void;
  cut(): void;
  pause(): void;
  resume(): void;
}

/** What a socket tells. */
export interface ScriptedEnd {
  receive(octets: Uint8Array): void;
  ended(): void;
  closed(): void;
}

export interface ScriptedPortOptions {
  /** Key and certificate in PEM; ALPN then takes "h2" only. Cleartext with prior knowledge unless given. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Whether TLS takes "http/1.1" too, which is answered with 200 and "hello": false unless given. */
  readonly speaksHttp1?: boolean;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** A free one unless given. */
  readonly port?: number;
}

/** A scripted server that listens. */
export class ScriptedPort {
  readonly origin: string;
  readonly port: number;
  readonly #server: net.Server;
  readonly #sockets: Set<net.Socket>;

  constructor(server: net.Server, sockets: Set<net.Socket>, scheme: string) {
    const { address, port } = server.address() as net.AddressInfo;
    this.port = port;
    this.origin = `${scheme}://${address}:${port}`;
    this.#server = server;
    this.#sockets = sockets;
  }

  /** TCP connections that neither side has closed for good. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Breaks off whatever is open, and listens no more. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Lets a scripted server listen on a port.
 *
 *     const server = scripted(async (peer) => { … });
 *     await using port = await listenScripted(server);
 *     await fetch(port.origin);
 */
export async function listenScripted(
  part: ScriptedPart,
  options: ScriptedPortOptions = {},
): Promise<ScriptedPort> {
  const context = options.tls === undefined ? null : createSecureContext(secureOptions(options.tls));
  const http1 = options.speaksHttp1 === true ? http1Server() : null;
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (context === null) carry(part, socket, socket);
    else secure(part, socket, context, http1);
  });
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  return new ScriptedPort(server, sockets, context === null ? "http" : "https");
}

function secureOptions(tls: { key: string; cert: string }): Parameters<typeof createSecureContext>[0] {
  const { ciphers, minVersion } = tlsServerOptions({ protocols: ["h2"] });
  return {
    ...tls,
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(minVersion === undefined ? {} : { minVersion }),
  };
}

/** TLS is laid over the socket by hand, so that the socket below can be ended without a word to TLS. */
function secure(
  part: ScriptedPart,
  raw: net.Socket,
  secureContext: SecureContext,
  http1: http.Server | null,
): void {
  const protocols = http1 === null ? ["h2"] : ["h2", "http/1.1"];
  const socket = new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: protocols });
  socket.on("error", () => {});
  socket.once("secure", () => {
    if (socket.alpnProtocol === "http/1.1") http1?.emit("connection", socket);
    else carry(part, socket, raw);
  });
}

function http1Server(): http.Server {
  return http.createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("connection", "close").end("hello"));
  });
}

function carry(part: ScriptedPart, socket: net.Socket, raw: net.Socket): void {
  const end = part.begin(new SocketTransport(socket, raw));
  socket.on("error", () => {});
  raw.on("error", () => {});
  socket.on("data", (octets: Uint8Array) => end.receive(octets));
  socket.on("end", () => end.ended());
  socket.on("close", () => end.closed());
}

class SocketTransport implements ScriptedTransport {
  readonly #socket: net.Socket;
  /** Below TLS; the same without. */
  readonly #raw: net.Socket;

  constructor(socket: net.Socket, raw: net.Socket) {
    this.#socket = socket;
    this.#raw = raw;
  }

  /** A turn of the event loop lies between two writes, so that the other side can see them as two. */
  write(octets: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const written = (): void => void setImmediate(resolve);
      if (this.#socket.writable) this.#socket.write(octets, written);
      else written();
    });
  }

  end(): void {
    this.#socket.end();
  }

  truncate(): void {
    if (this.#raw === this.#socket) this.#raw.end();
    else this.#raw.destroySoon();
  }

  cut(): void {
    this.#raw.resetAndDestroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
