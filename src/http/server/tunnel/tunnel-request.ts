import { randomBytes } from "node:crypto";
import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { HeaderField } from "../../../hpack/header-field.ts";
import { pseudoField } from "../connection/exchange.ts";
import type { TunnelSocket } from "./tunnel-socket.ts";

/** What else of an IncomingMessage is used; `node:http` itself fills it the same way. */
interface MessageInside extends IncomingMessage {
  upgrade: boolean;
  joinDuplicateHeaders: boolean;
  _addHeaderLines(lines: readonly string[], count: number): void;
}

/** Octets in the nonce of Sec-WebSocket-Key (RFC 6455 section 4.1). */
const KEY_LENGTH = 16;

/**
 * Fields that are about the octets of an HTTP/1.1 message, or that extended CONNECT has no use for (RFC 8441 section 5).
 * Host is made of `:authority`.
 */
const LEFT_OUT = ["content-length", "host", "sec-websocket-key"];

/**
 * A request for a tunnel, as the message of `node:http` that it would be over HTTP/1.1: CONNECT with the authority as its
 * URL, or GET with Upgrade. It has no body; what the client sends is read from the socket.
 */
export function tunnelRequest(socket: TunnelSocket, fields: readonly HeaderField[]): IncomingMessage {
  const message = new IncomingMessage(socket as unknown as Socket) as MessageInside;
  const authority = pseudoField(fields, ":authority") || hostOf(fields);
  const protocol = pseudoField(fields, ":protocol");
  message.httpVersionMajor = 2;
  message.httpVersionMinor = 0;
  message.httpVersion = "2.0";
  message.method = protocol === "" ? "CONNECT" : "GET";
  message.url = protocol === "" ? authority : pseudoField(fields, ":path");
  message.upgrade = true;
  message.joinDuplicateHeaders = socket.server?.joinDuplicateHeaders ?? false;
  const lines = ["host", authority, ...upgradeLines(protocol), ...otherLines(fields)];
  message._addHeaderLines(lines, lines.length);
  message.complete = true;
  message.push(null);
  return message;
}

/** The key is not the client's: its place is taken by `:protocol`, and nobody looks at the answer to it. */
function upgradeLines(protocol: string): string[] {
  if (protocol === "") return [];
  const lines = ["connection", "Upgrade", "upgrade", protocol];
  if (protocol === "websocket") lines.push("sec-websocket-key", randomBytes(KEY_LENGTH).toString("base64"));
  return lines;
}

function otherLines(fields: readonly HeaderField[]): string[] {
  const lines: string[] = [];
  for (const { name, value } of fields) {
    if (!name.startsWith(":") && !LEFT_OUT.includes(name)) lines.push(name, value);
  }
  return lines;
}

function hostOf(fields: readonly HeaderField[]): string {
  return fields.find(({ name }) => name === "host")?.value ?? "";
}
