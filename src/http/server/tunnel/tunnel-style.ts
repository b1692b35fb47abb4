import type { Server as NodeServer } from "node:http";
import type { HeaderField } from "../../../hpack/header-field.ts";
import { type ExchangeStyle, pseudoField } from "../connection/exchange.ts";
import type { ErrorReport } from "../messages/listener.ts";
import { TunnelExchange } from "./tunnel-exchange.ts";

/** The event of a server of `node:http` that a request for a tunnel is. */
export type TunnelEvent = "connect" | "upgrade";

/**
 * A style that gives requests for tunnels to the listeners of a server of `node:http`: CONNECT is its "connect" event
 * (RFC 9113 section 8.5), extended CONNECT its "upgrade" event (RFC 8441 section 4), so that the listeners that serve
 * HTTP/1.1 serve HTTP/2 too. A tunnel that nobody listens for, and every other request, is left to `otherStyle`.
 *
 * @param report - gets what a listener throws, and what is wrong with the response that it writes.
 * @param otherStyle - should answer CONNECT with status 501 (RFC 9220 section 3 says so of protocols that are not known).
 */
export function tunnelOr(server: NodeServer, report: ErrorReport, otherStyle: ExchangeStyle): ExchangeStyle {
  return (opening) => {
    const event = tunnelEvent(opening.fields);
    if (event === null || server.listenerCount(event) === 0) return otherStyle(opening);
    return new TunnelExchange(server, report, event, opening);
  };
}

function tunnelEvent(fields: readonly HeaderField[]): TunnelEvent | null {
  if (pseudoField(fields, ":method") !== "CONNECT") return null;
  return pseudoField(fields, ":protocol") === "" ? "connect" : "upgrade";
}
