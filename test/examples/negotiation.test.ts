import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { ascii, frames, joined, type Wire } from "../support/frames.ts";
import { ServerProgram } from "../support/programs.ts";
import { readAll } from "../support/sockets.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";
import { linesOf, PATIENT, runClient, SWITCHING } from "./support.ts";

/** A server of the examples, and the certificate to trust, which is empty without TLS. */
interface Running {
  readonly program: ServerProgram;
  readonly ca: string;
}

async function startServer(way: string): Promise<Running> {
  const path = `examples/negotiation/${way}-server.mjs`;
  if (way !== "tls") return { program: await ServerProgram.start([path]), ca: "" };
  const directory = mkdtempSync(join(tmpdir(), "h2wire-"));
  const file = join(directory, "certificate");
  const program = await ServerProgram.start([path, "0", file]);
  const ca = readFileSync(file, "utf8");
  rmSync(directory, { recursive: true });
  return { program, ca };
}

/** A connection to a server of the examples, that has agreed on HTTP/2 or may just begin with it. */
async function connect(server: Running, options: tls.ConnectionOptions = {}): Promise<net.Socket> {
  const { ca, program } = server;
  const address = { host: "localhost", port: program.port };
  if (ca === "") return net.connect(address);
  const socket = tls.connect({ ...address, ca, ALPNProtocols: ["h2"], ...options });
  await once(socket, "secureConnect");
  return socket;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A request by node:http2. */
async function requestHttp2(server: Running, method = "GET", body = ""): Promise<Answer> {
  const session = http2.connect(server.program.url, { ca: server.ca });
  const stream = session.request({ ":method": method }, { endStream: false });
  stream.end(body);
  const [fields] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  const answer = { status: Number(fields[":status"]), body: await text(stream) };
  session.close();
  return answer;
}

/** A request by node:http or node:https. */
async function requestHttp1({ program, ca }: Running): Promise<Answer & { readonly version: string }> {
  const request = ca === "" ? http.get(program.url) : https.get(program.url, { ca });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  return { version: response.httpVersion, status: Number(response.statusCode), body: await text(response) };
}

describe.each([
  ["tls", "HTTP/2 by ALPN\n"],
  ["upgrade", "HTTP/2 with prior knowledge\n"],
  ["prior-knowledge", "HTTP/2 with prior knowledge\n"],
])("%s-server.mjs", PATIENT, (way, greeting) => {
  let server: Running;
  beforeAll(async () => {
    server = await startServer(way);
    return () => server.program.stop();
  }, PATIENT.timeout);

  const get = (streamId: number) => frames.headers(streamId).request("GET", "/").endStream();

  /** Sends frames in one segment and that direction's end behind them; reads the frames that come back. */
  async function exchange(...wire: readonly Wire[]): Promise<string[]> {
    const socket = await connect(server);
    socket.end(joined(frames.preface(), frames.settings(), ...wire));
    return linesOf(await readAll(socket));
  }

  it("answers node:http2", async () => {
    expect(await requestHttp2(server)).toEqual({ status: 200, body: greeting });
  });

  it("answers HEAD without a body (RFC 9110 section 9.3.2)", async () => {
    expect(await requestHttp2(server, "HEAD")).toEqual({ status: 200, body: "" });
  });

  it("opens the windows for a body that is longer than they are (RFC 9113 section 6.9)", async () => {
    const body = "x".repeat(1_048_576);
    expect(await requestHttp2(server, "POST", body)).toEqual({ status: 200, body: greeting });
  });

  it("waits for a window that the client keeps shut (RFC 9113 section 5.2)", async () => {
    const lines = await exchange(frames.settings([4, 0]), get(1), frames.windowUpdate(1, 7));
    expect(lines).toContain("DATA stream=1 length=7");
  });

  it("goes on after a request that is reset in the segment that brought it", async () => {
    const lines = await exchange(get(1), frames.rstStream(1, 8), get(3));
    expect(lines).toContain(`DATA stream=3 END_STREAM length=${greeting.length}`);
  });

  it("says GOAWAY when the client will send no more (RFC 9113 section 6.8)", async () => {
    expect((await exchange(get(1))).at(-1)).toBe("GOAWAY last=1 error=NO_ERROR");
  });

  it("ends a connection when the client has said GOAWAY and all is answered", async () => {
    const socket = await connect(server);
    socket.write(joined(frames.preface(), frames.settings(), get(1), frames.goaway(0)));
    const lines = linesOf(await readAll(socket));
    expect(lines.at(-1)).toBe(`DATA stream=1 END_STREAM length=${greeting.length}`);
  });

  it("answers a broken rule with a GOAWAY that names it (RFC 9113 section 5.4.1)", async () => {
    const lines = await exchange(frames.data(0, "x"));
    expect(lines.at(-1)).toMatch(/^GOAWAY last=0 error=PROTOCOL_ERROR debug=.*section 6\.1/);
    expect(await server.program.complains(/bad client: .*section 6\.1/)).toBe(true);
  });

  it("answers our client", async () => {
    const url = `${server.program.url}/path?query`;
    const greetingToOurs = way === "upgrade" ? "HTTP/2 by Upgrade\n" : greeting;
    const outcome = await runClient(way, url, server.ca);
    expect(outcome).toEqual({ exitCode: 0, output: `200 h2\n${greetingToOurs}`, errors: "" });
  });

  it("answers HTTP/1.1, or refuses it in HTTP/1.1", async () => {
    const { version, status, body } = await requestHttp1(server);
    const [expectedStatus, expectedBody] =
      way === "prior-knowledge" ? [505, "This server speaks HTTP/2 only.\n"] : [200, "HTTP/1.1\n"];
    expect([version, status, body]).toEqual(["1.1", expectedStatus, expectedBody]);
  });
});

describe("tls-server.mjs", PATIENT, () => {
  let server: Running;
  beforeAll(async () => {
    server = await startServer("tls");
    return () => server.program.stop();
  }, PATIENT.timeout);

  it("fails the handshake if there is no protocol in common (RFC 7301 section 3.2)", async () => {
    await expect(connect(server, { ALPNProtocols: ["h3"] })).rejects.toThrow(/no application protocol/);
    expect(await server.program.complains(/refused: .*no application protocol/)).toBe(true);
  });

  it("answers a renegotiation with a GOAWAY of PROTOCOL_ERROR (RFC 9113 section 9.2.1)", async () => {
    const socket = (await connect(server, { maxVersion: "TLSv1.2" })) as tls.TLSSocket;
    socket.write(joined(frames.preface(), frames.settings()));
    await once(socket, "readable");
    socket.renegotiate({}, () => {});
    // The alert that goes before the GOAWAY may end the client's side first.
    expect(linesOf(await readAll(socket)).at(-1)).toMatch(
      /^(GOAWAY last=0 error=PROTOCOL_ERROR|SETTINGS ACK)$/,
    );
    expect(await server.program.complains(/connection failed: .*renegotiation/)).toBe(true);
  });
});

describe("upgrade-server.mjs", PATIENT, () => {
  let server: Running;
  beforeAll(async () => {
    server = await startServer("upgrade");
    return () => server.program.stop();
  }, PATIENT.timeout);

  /** Sends a request for h2c, and what else fits into its segment, and reads to the end of the connection. */
  async function upgrade(
    request: string,
    ...wire: readonly Wire[]
  ): Promise<[head: string, frames: string[]]> {
    const socket = await connect(server);
    socket.end(joined(ascii(request), ...wire));
    const [head = "", ...rest] = (await readAll(socket)).split(/(?<=\r\n\r\n)/);
    return [head, head.startsWith("HTTP/1.1 101") ? linesOf(rest.join("")) : rest];
  }

  it("answers on stream 1 behind 101, the preface in the request's segment (RFC 7540 section 3.2)", async () => {
    const [head, lines] = await upgrade(upgradeRequest(), frames.preface(), frames.settings());
    expect(head).toBe(SWITCHING);
    expect(lines[0]).toMatch(/^SETTINGS [A-Z]/);
    expect(lines.slice(1)).toEqual([
      "HEADERS stream=1 END_HEADERS length=10",
      "SETTINGS ACK",
      "DATA stream=1 END_STREAM length=18",
      "GOAWAY last=1 error=NO_ERROR",
    ]);
  });

  it("answers further streams, and a request with HEAD or a body", async () => {
    const [, head] = await upgrade(upgradeRequest({ line: "HEAD / HTTP/1.1" }));
    expect(head).toContainEqual(expect.stringContaining("HEADERS stream=1 END_STREAM END_HEADERS"));
    const post = upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 4\r\n" });
    const second = frames.headers(3).request("GET", "/").endStream();
    const [, lines] = await upgrade(`${post}body`, frames.preface(), frames.settings(), second);
    expect(lines).toContain("DATA stream=1 END_STREAM length=18");
    expect(lines).toContain("DATA stream=3 END_STREAM length=18");
  });

  it("answers in HTTP/1.1 where the request breaks a rule (RFC 7540 section 3.2.1)", async () => {
    const [head, body] = await upgrade(upgradeRequest({ settings: "", more: "Connection: close\r\n" }));
    expect(head).toContain("HTTP/1.1 200 OK\r\n");
    expect(body.join()).toContain("HTTP/1.1\n");
  });
});
