import { once } from "node:events";
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { describe, expect, it, vi } from "vitest";
import { Arrivals } from "../../../../src/http/server/port/arrivals.ts";
import { echoPath, serveTls } from "../../../support/serving.ts";
import { readAll } from "../../../support/sockets.ts";

function socketOf(remotePort: number): Duplex {
  return { remoteAddress: "192.0.2.1", remotePort } as unknown as Duplex;
}

describe("connections without a protocol", () => {
  it("are counted once, in front of TLS and behind it", () => {
    const arrivals = new Arrivals();
    for (const port of [1, 2]) arrivals.add(socketOf(port));
    const secured = socketOf(2);
    arrivals.secure(secured);
    arrivals.secure(secured);
    expect(arrivals.size).toBe(2);
    arrivals.delete(secured);
    expect(arrivals.size).toBe(1);
  });

  it("count while the header of a proxy is to come, and when it has told another peer", async () => {
    const server = await serveTls(echoPath, { proxies: { trusted: ["127.0.0.1"], proxyProtocol: true } });
    const raw = net.connect(server.port, "127.0.0.1");
    await once(server, "connection");
    expect(server.stats().connections).toBe(1);
    raw.write("PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n");
    const socket = tls.connect({ socket: raw, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    await vi.waitUntil(() => server.stats().http1Connections === 1);
    expect(server.stats().connections).toBe(1);
    await Promise.all([server.shutdown({ idleGrace: 0 }), readAll(socket)]);
    expect(server.stats().connections).toBe(0);
  });
});
