import { once } from "node:events";
import net from "node:net";
import { onTestFinished } from "vitest";
import { octetsOf, readAll } from "../../support/sockets.ts";

/** Writes octets to a port and reads until the server ends the connection. */
export async function exchangeText(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(octetsOf(text));
  return readAll(socket);
}

/** A request of HTTP/1.1 after which the connection ends; lines of the head may be added. */
export function requestText(method: string, target: string, ...lines: string[]): string {
  return [`${method} ${target} HTTP/1.1`, "Host: test", "Connection: close", ...lines, "", ""].join("\r\n");
}
