/** The kinds of load. Each runs until the signal aborts, counts what it has done, and never throws. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import http2 from "node:http2";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocket } from "ws";

/** Many short requests, by h2load; it is started again and again. */
export async function shortRequests(url, counts, signal) {
  while (!signal.aborted) {
    const args = ["-n", "20000", "-c", "10", "-m", "20", "-t", "1", url];
    const child = spawn("h2load", args, { stdio: ["ignore", "pipe", "ignore"], signal });
    child.on("error", () => {});
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    await once(child, "close").catch(() => {});
    const [, succeeded = "0"] = /(\d+) succeeded/.exec(output) ?? [];
    const [, failed = "0"] = /(\d+) failed/.exec(output) ?? [];
    counts.shortRequests += Number(succeeded);
    if (!signal.aborted) counts.failures += Number(failed);
    await pause(200, signal);
  }
}

/** Clients that take a big answer drop by drop, and some that go in the middle of it. */
export async function slowReaders(url, counts, signal) {
  while (!signal.aborted) {
    const session = sessionTo(url, { settings: { initialWindowSize: 65_535 } });
    const stream = session.request({ ":path": "/big" });
    stream.on("error", () => {});
    let received = 0;
    stream.on("readable", () => {});
    const isPatient = Math.random() < 0.5;
    while (!signal.aborted && !stream.readableEnded && !stream.destroyed) {
      const chunk = stream.read();
      if (chunk !== null) received += chunk.length;
      if (!isPatient && received > 500_000) stream.close(http2.constants.NGHTTP2_CANCEL);
      await pause(5, signal);
    }
    counts.slowReads++;
    session.destroy();
  }
}

/** Uploads that stop half-way, by a reset or with their connection. */
export async function abortedUploads(url, counts, signal) {
  const session = sessionTo(url);
  while (!signal.aborted) {
    const stream = session.request({ ":method": "POST", ":path": "/upload" });
    stream.on("error", () => {});
    stream.write(Buffer.alloc(100_000));
    // Twenty resets a second are below the limit, which is there for more than an honest client does.
    await pause(50, signal);
    stream.close(http2.constants.NGHTTP2_CANCEL);
    counts.abortedUploads++;
  }
  session.destroy();
}

/** Sockets that send a few messages, over HTTP/1.1 and over HTTP/2, and close in good order or not. */
export async function webSockets(url, counts, signal) {
  while (!signal.aborted) {
    const session = sessionTo(url);
    const socket = Math.random() < 0.5 ? new WebSocket(url.replace("http", "ws")) : await overHttp2(session);
    socket.on("error", () => {});
    if (socket.readyState !== WebSocket.OPEN) await once(socket, "open", { signal }).catch(() => {});
    for (let message = 0; message < 20 && socket.readyState === WebSocket.OPEN; message++) {
      socket.send(`message ${message}`);
      await once(socket, "message", { signal }).catch(() => {});
      counts.webSocketMessages++;
    }
    if (Math.random() < 0.5) socket.close(1000);
    else socket.terminate();
    await pause(20, signal);
    session.destroy();
  }
}

async function overHttp2(session) {
  await once(session, "remoteSettings");
  const stream = session.request({
    ":method": "CONNECT",
    ":protocol": "websocket",
    ":path": "/",
    "sec-websocket-version": "13",
  });
  stream.on("error", () => {});
  await once(stream, "response");
  const socket = new WebSocket(null, undefined, { autoPong: true });
  socket._isServer = false;
  socket.setSocket(stream, Buffer.alloc(0), { maxPayload: 1_000_000, skipUTF8Validation: false });
  return socket;
}

function sessionTo(url, options = {}) {
  const session = http2.connect(url, options);
  session.on("error", () => {});
  return session;
}

function pause(milliseconds, signal) {
  return wait(milliseconds, undefined, { signal }).catch(() => {});
}
