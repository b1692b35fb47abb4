import { once } from "node:events";
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { createServer, type Listener, type Server } from "../../src/http/server.ts";
import { certificate } from "../support/certificate.ts";
import { frames } from "../support/frames.ts";
import { type Pace, RawPeer } from "./raw-peer.ts";
import { Requests, type ServerCase } from "./server-case.ts";
import { COMPRESSION } from "./server-compression.ts";
import { CONTINUATION, FRAME_TYPES, WINDOWS } from "./server-frames.ts";
import { FRAMING } from "./server-framing.ts";
import { GENERIC } from "./server-generic.ts";
import { MESSAGES } from "./server-messages.ts";
import { STREAMS } from "./server-streams.ts";

// They wait for sockets and for handlers most of the time.
vi.setConfig({ maxConcurrency: 25 });

const CHAPTERS: readonly (readonly [string, readonly ServerCase[]])[] = [
  ["in general", GENERIC],
  ["about prefaces and framing", FRAMING],
  ["about streams", STREAMS],
  ["about types of frames", FRAME_TYPES],
  ["about flow control", WINDOWS],
  ["about CONTINUATION", CONTINUATION],
  ["about requests", MESSAGES],
  ["about field compression", COMPRESSION],
];

const BODY = "an answer of more than a few octets, so that windows have something to hold back";
const DELAY = 100;

/** What frames meet is decided by their distance only where the answer comes at once. */
const LISTENERS: readonly (readonly [when: string, paces: readonly Pace[], listener: Listener])[] = [
  ["at once", ["apart", "together"], (_request, response) => response.end(BODY)],
  ["after 100 ms", ["apart"], (_request, response) => setTimeout(() => response.end(BODY), DELAY)],
  [
    "behind the request",
    ["apart"],
    (request, response) => request.resume().on("end", () => response.end(BODY)),
  ],
];

const SETTINGS = { MAX_CONCURRENT_STREAMS: /MAX_CONCURRENT_STREAMS=(\d+)/ };

for (const scheme of ["http", "https"] as const) {
  for (const [when, paces, listener] of LISTENERS) {
    for (const pace of paces) {
      describe.concurrent(`a server of ${scheme} that answers ${when}, with frames ${pace},`, () => {
        let server: Server;
        beforeAll(async () => {
          server = createServer(scheme === "https" ? { tls: await certificate() } : {}, listener);
          await once(server.listen(0, "127.0.0.1"), "listening");
        });
        afterAll(() => server.shutdown({ deadline: 0 }));

        for (const [chapter, cases] of CHAPTERS) {
          describe(chapter, () => {
            for (const each of cases) it(each.rule, () => converse(server, scheme, pace, each));
          });
        }
      });
    }
  }
}

async function converse(
  server: Server,
  scheme: "http" | "https",
  pace: Pace,
  each: ServerCase,
): Promise<void> {
  const socket = await open(server, scheme);
  try {
    const peer = new RawPeer(socket, pace);
    const streams = each.isFromStart === true ? 0 : await shakeHands(peer);
    for (const part of each.talk(new Requests(scheme, server.port, streams))) {
      if (typeof part === "function") await part(peer);
      else await peer.send(part);
    }
  } finally {
    socket.destroy();
  }
}

function open(server: Server, scheme: "http" | "https"): Promise<Duplex> {
  const address = { port: server.port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true };
  return new Promise((resolve, reject) => {
    const socket: net.Socket =
      scheme === "http"
        ? net.connect(address, () => resolve(socket))
        : tls.connect({ ...address, ALPNProtocols: ["h2"], rejectUnauthorized: false }, () =>
            resolve(socket),
          );
    socket.once("error", reject);
  });
}

/** Prefaces, SETTINGS and their acknowledgements. @returns how many streams the server takes at once. */
async function shakeHands(peer: RawPeer): Promise<number> {
  await peer.send(frames.preface());
  await peer.send(frames.settings());
  const settings = await peer.until(/^SETTINGS (?!ACK)/);
  await peer.send(frames.settingsAck());
  await peer.until(/^SETTINGS ACK/);
  return Number(SETTINGS.MAX_CONCURRENT_STREAMS.exec(settings)?.[1] ?? 0);
}
