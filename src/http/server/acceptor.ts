import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { tlsServerOptions } from "../../node/tls-profile.ts";
import { selfSigned } from "./self-signed.ts";

/** Options of `node:tls`; `key` and `cert`, or what replaces them, are among them. */
export type ServerTlsOptions = TlsOptions;

/** Listens on a port, in cleartext or with TLS, and hands over what it accepts. */
export class Acceptor {
  readonly #tls: TlsOptions | "self-signed" | null;
  readonly #accepted: (socket: Duplex) => void;
  #server: TcpServer | null;
  #host: string;
  #port: number;

  /**
   * @param http1 - whether ALPN is to offer HTTP/1.1.
   * @throws TypeError for TLS options that break the rules of HTTP/2.
   */
  constructor(
    tls: ServerTlsOptions | "self-signed" | null,
    http1: boolean,
    accepted: (socket: Duplex) => void,
  ) {
    const protocols = http1 ? (["h2", "http/1.1"] as const) : (["h2"] as const);
    this.#tls = tls === null || tls === "self-signed" ? tls : tlsServerOptions({ protocols, ...tls });
    this.#accepted = accepted;
    this.#server = null;
    this.#host = "";
    this.#port = 0;
  }

  get port(): number {
    return this.#port;
  }

  /** The origin, with `localhost` where every address is listened on. Empty before `listen`. */
  get url(): string {
    if (this.#host === "") return "";
    const isWildcard = this.#host === "0.0.0.0" || this.#host === "::";
    const host = isWildcard ? "localhost" : this.#host.includes(":") ? `[${this.#host}]` : this.#host;
    return `${this.#tls === null ? "http" : "https"}://${host}:${this.#port}`;
  }

  /** @throws what `net.Server` emits as its error. */
  async listen(port: number, host: string): Promise<void> {
    const server = await this.#createServer();
    server.listen(port, host);
    await once(server, "listening");
    // Such as EMFILE at an accept: later ones may succeed.
    server.on("error", () => {});
    this.#server = server;
    this.#host = host;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Accepts no more. */
  close(): void {
    this.#server?.close();
  }

  async #createServer(): Promise<TcpServer> {
    const common = { allowHalfOpen: true, noDelay: true };
    if (this.#tls === null) return createTcpServer(common, this.#accepted);
    const options = this.#tls === "self-signed" ? tlsServerOptions(await selfSigned()) : this.#tls;
    const server = createTlsServer({ ...common, ...options }, this.#accepted);
    // Before the handshake is over there is nobody to answer.
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    return server;
  }
}
