import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Server as TlsServer } from "node:tls";
import { Http1Request } from "../../../node/http1-server.ts";
import { type AlpnProtocol, tlsServerOptions } from "../../../node/tls-profile.ts";
import type { ServerOptions } from "../server-options.ts";
import { type KeyAndCertificate, selfSigned } from "./self-signed.ts";

/** Takes an accepted connection, with TLS behind its handshake. */
type Accept = (socket: Duplex) => void;

/** A server of `node:http`, or of `node:https`, whose connections go elsewhere first. */
export interface NodeServer {
  readonly server: HttpServer;
  /** Gives a connection to HTTP/1.1. */
  readonly giveToHttp1: Accept;
}

/**
 * Makes a server that listens as ever, while what it accepts goes to `accept`.
 *
 * It stays a genuine one, because the world around it expects that: frameworks, WebSocket servers, tools that watch
 * or drain servers, all put their listeners on it.
 *
 * @param tell - is told of each request of HTTP/1.1. A listener of ours for "request" would stand in front of the
 * application's, which connect takes out of a server that is mounted.
 * @throws TypeError for TLS options that break the rules of HTTP/2, and for classes of messages; what `node:http` throws
 * for its options.
 */
export function makeNodeServer(
  { tls, http1 = true, node = {} }: ServerOptions,
  accept: Accept,
  tell: (response: ServerResponse) => void,
): NodeServer {
  for (const name of OWN_CLASSES) {
    if (name in node) throw new TypeError(`node.${name} cannot be given: the server has its own class`);
  }
  const classes = { IncomingMessage: Http1Request, ServerResponse: responseClass(tell) };
  const common = { noDelay: true, ...node, ...classes };
  if (tls === undefined) {
    const server = createHttpServer(common);
    return { server, giveToHttp1: divert(server, "connection", accept) };
  }
  const protocols = http1 ? (["h2", "http/1.1"] as const) : (["h2"] as const);
  const given = tls === "self-signed" ? {} : tls;
  const server = createHttpsServer({ ...common, ...tlsServerOptions({ protocols, ...given }) });
  // Before the handshake is over there is nobody to answer.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  if (tls === "self-signed") certifyAtListen(server, protocols);
  return { server, giveToHttp1: divert(server, "secureConnection", accept) };
}

const OWN_CLASSES = ["IncomingMessage", "ServerResponse"];

/** The class of responses, such that whoever wants to know is told of each. */
function responseClass(tell: (response: ServerResponse) => void): typeof ServerResponse {
  return class Http1Response<Request extends IncomingMessage> extends ServerResponse<Request> {
    constructor(...given: ConstructorParameters<typeof ServerResponse<Request>>) {
      super(...given);
      tell(this);
    }
  };
}

/**
 * Makes a server accept no more. By itself `node:http` would cut off the idle connections with that, where a request may be
 * on its way.
 */
export function stopListening(server: HttpServer): void {
  if (!server.listening) return;
  // The one of Node: ours would begin to drain.
  const { close } = Object.getPrototypeOf(server) as HttpServer;
  server.closeIdleConnections = () => {};
  Reflect.apply(close, server, []);
  Reflect.deleteProperty(server, "closeIdleConnections");
}

/** The origin of a server that listens, with `localhost` where it listens on every address; else empty. */
export function urlOf(server: HttpServer): string {
  const address = server.address() as AddressInfo | string | null;
  if (address === null || typeof address === "string") return "";
  const isWildcard = address.address === "0.0.0.0" || address.address === "::";
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  const scheme = server instanceof TlsServer ? "https" : "http";
  return `${scheme}://${isWildcard ? "localhost" : name}:${address.port}`;
}

/** The port that a server listens on, or 0. */
export function portOf(server: HttpServer): number {
  const address = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}

/** Puts `accept` in the place of the listener by which `node:http` takes a connection; returns that listener. */
function divert(server: HttpServer, event: "connection" | "secureConnection", accept: Accept): Accept {
  const own = server.listeners(event).at(-1) as Accept;
  server.removeListener(event, own);
  server.on(event, accept);
  return (socket) => own.call(server, socket);
}

/** Makes the certificate first when the server is told to listen. */
function certifyAtListen(server: HttpServer, protocols: readonly AlpnProtocol[]): void {
  const { listen } = server;
  const listenCertified = (...given: unknown[]): HttpServer => {
    const begin = (pair: KeyAndCertificate): void => {
      (server as unknown as TlsServer).setSecureContext(tlsServerOptions({ protocols, ...pair }));
      Reflect.apply(listen, server, given);
    };
    selfSigned().then(begin, (error: unknown) => server.emit("error", error));
    return server;
  };
  server.listen = listenCertified as typeof listen;
}
