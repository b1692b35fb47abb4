import { once } from "node:events";
import http2 from "node:http2";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { ExtendedConnectSocket } from "../support/extended-connect-socket.ts";
import { ServerProgram } from "../support/programs.ts";
import { PATIENT } from "./support.ts";

let program: ServerProgram;
beforeAll(async () => {
  program = await ServerProgram.start(["examples/websocket/server.mjs"]);
}, PATIENT.timeout);
afterAll(() => program.stop());

async function session(): Promise<http2.ClientHttp2Session> {
  const session = http2.connect(program.url, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  await once(session, "remoteSettings");
  return session;
}

/** A WebSocket to the program, and its first message. */
async function join(protocol: "h2" | "http/1.1"): Promise<[WebSocket, string]> {
  const overHttp2 = protocol === "h2" ? await session() : null;
  const options: ClientOptions =
    overHttp2 === null
      ? { rejectUnauthorized: false }
      : { createConnection: () => new ExtendedConnectSocket(overHttp2) as never };
  const socket = new WebSocket(`${program.url.replace("https", "wss")}/chat`, options);
  return [socket, String((await once(socket, "message"))[0])];
}

describe("websocket/server.mjs", PATIENT, () => {
  it("serves its page over HTTP/2", async () => {
    const stream = (await session()).request({ ":path": "/" });
    expect(await text(stream)).toContain("new WebSocket(");
  });

  it("welcomes WebSockets over both protocols, and joins them in one chat (RFC 8441 section 5)", async () => {
    const [first, welcome] = await join("http/1.1");
    const [second, otherWelcome] = await join("h2");
    expect([welcome, otherWelcome]).toEqual(["welcome by http/1.1", "welcome by h2"]);
    const heard = Promise.all([first, second].map((socket) => once(socket, "message")));
    second.send("hello");
    expect((await heard).map(([data]) => String(data))).toEqual(["hello", "hello"]);
    first.close();
    second.close();
  });

  it("closes them with code 1001 when it stops (RFC 6455 section 7.4.1)", async () => {
    const [[first], [second]] = await Promise.all([join("http/1.1"), join("h2")]);
    const closed = Promise.all([first, second].map((socket) => once(socket, "close")));
    await program.stop();
    const said = (await closed).map(([code, reason]) => [code, String(reason)]);
    expect(said).toEqual(Array(2).fill([1001, "the server stops"]));
  });
});
