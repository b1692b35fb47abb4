import { once } from "node:events";
import net from "node:net";
import type { Duplex, Readable } from "node:stream";
import { onTestFinished } from "vitest";

/** Listens on a free port of the loopback for the rest of the test. */
export async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as net.AddressInfo).port;
}

/** Both ends of a TCP connection over the loopback, for the rest of the test. */
export async function tcpPair(): Promise<{ client: net.Socket; server: net.Socket }> {
  const listener = net.createServer({ noDelay: true });
  const accepted = once(listener, "connection") as Promise<[net.Socket]>;
  const client = net.connect({ port: await listen(listener), host: "127.0.0.1", noDelay: true });
  const [server] = await accepted;
  onTestFinished(() => {
    client.destroy();
  });
  return { client, server };
}

/** Writes one octet after the other, each when the one before has gone. */
export async function writeOctetwise(socket: Duplex, text: string): Promise<void> {
  for (const octet of Buffer.from(text, "latin1")) {
    await new Promise((resolve) => socket.write(Uint8Array.of(octet), resolve));
  }
}

/** Reads until what came contains `part`, or the connection ends; all of it as text. The socket is paused then. */
export function readUntil(socket: Duplex, part: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const read = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      if (text.includes(part)) finish();
    };
    const finish = (): void => {
      socket.off("data", read).off("end", finish).off("close", finish);
      socket.pause();
      resolve(text);
    };
    socket.on("data", read).on("end", finish).on("close", finish);
    socket.resume();
  });
}

/** Reads to the end; all of it as text. */
export function readAll(socket: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
    socket.on("end", () => resolve(text));
    socket.resume();
  });
}

/** How many listeners there are for each event, to see that none is left behind. */
export function listenerCounts(socket: Duplex): Record<string, number> {
  return Object.fromEntries(socket.eventNames().map((name) => [String(name), socket.listenerCount(name)]));
}

/** The octets as text, one character each. */
export function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString("latin1");
}

/** The text as octets. */
export function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
