import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { selfSigned } from "../../../src/http/server/port/self-signed.ts";
import { certificate } from "../../support/certificate.ts";
import { run, serve, serveForAll } from "../support/command.ts";
import { exchangeText, requestText } from "../support/http1-client.ts";
import { ask, connectHttp2, readRest } from "../support/http2-client.ts";

// Each test starts a process, on whatever machine.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });

const OFFER: readonly string[] = ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"];

function offerText(): string {
  return requestText("GET", "/", ...OFFER).replace(
    "Connection: close",
    "Connection: Upgrade, HTTP2-Settings",
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function makeFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "h2wire-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** Files of a certificate and its key, as options, for the rest of the test. */
function certificateOptions(cert: string, key: string): string[] {
  const folder = makeFolder({ cert, key });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return ["--cert", join(folder, "cert"), "--key", join(folder, "key")];
}

/** Whether a client that trusts a certificate only gets a connection of HTTP/2. */
async function trusts(url: string, ca: string): Promise<boolean> {
  const { port, hostname } = new URL(url);
  const where = { port: Number(port), host: hostname, servername: "localhost" };
  const socket = tls.connect({ ...where, ca, ALPNProtocols: ["h2"] });
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return socket.authorized && socket.alpnProtocol === "h2";
}

describe("h2wire serve: the echo", () => {
  const url = serveForAll();

  it("gives an account of a request of HTTP/2", async () => {
    const fields = { ":method": "PUT", "content-type": "text/plain", "x-twice": ["1", "2"] };
    const { status, headers, text } = await ask(connectHttp2(url()), "/a?b", fields, "body");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/json");
    const account = JSON.parse(text);
    expect(account).toMatchObject({
      protocol: "h2",
      negotiated: "prior-knowledge",
      method: "PUT",
      path: "/a?b",
    });
    expect(account).toMatchObject({ bodyLength: 4, sha256: sha256("body") });
    expect(account.fields).toEqual([
      ["host", new URL(url()).host],
      ["content-type", "text/plain"],
      ["x-twice", "1"],
      ["x-twice", "2"],
    ]);
  });

  it("gives an account of a request of HTTP/1.1", async () => {
    const text = await exchangeText(url(), requestText("DELETE", "/a"));
    const account = JSON.parse(text.slice(text.indexOf("\r\n\r\n")));
    expect(account).toMatchObject({
      protocol: "http/1.1",
      negotiated: "http/1.1",
      method: "DELETE",
      path: "/a",
    });
    expect(account.fields[0]).toEqual(["Host", "test"]);
  });

  it("answers ?size with octets of the pattern, however many, and HEAD with the same fields", async () => {
    const session = connectHttp2(url());
    const { headers, body } = await ask(session, "/?size=1000000");
    expect(headers["content-length"]).toBe("1000000");
    expect(sha256(body)).toBe(sha256(Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251)));
    const head = await ask(session, "/?size=1000000", { ":method": "HEAD" });
    expect(head.headers["content-length"]).toBe("1000000");
    expect(head.body.length).toBe(0);
  });

  it("answers ?status with that status, without a body where it has none (RFC 9110 section 15)", async () => {
    const session = connectHttp2(url());
    expect((await ask(session, "/?status=418")).status).toBe(418);
    for (const status of [204, 205, 304]) {
      expect(await ask(session, `/?status=${status}`)).toMatchObject({ status, text: "" });
    }
  });

  it("puts trailers behind the body for ?trailers=1 (RFC 9113 section 8.1)", async () => {
    const { trailers, body } = await ask(connectHttp2(url()), "/?trailers=1&size=70000");
    expect(trailers).toMatchObject({ "echo-length": "70000", "echo-sha256": sha256(body) });
    const text = await exchangeText(url(), requestText("GET", "/?trailers=1&size=3"));
    expect(text).toContain("\r\n0\r\necho-length: 3\r\necho-sha256: ");
  });

  it("answers HEAD with ?trailers=1 in HTTP/1.1, which has no trailers without a body", async () => {
    expect(await exchangeText(url(), requestText("HEAD", "/?trailers=1"))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it("writes ?chunks=N pieces without a length", async () => {
    const text = await exchangeText(url(), requestText("GET", "/?chunks=3&size=9"));
    expect(text.match(/^3\r$/gm)?.length).toBe(3);
    expect(text.toLowerCase()).not.toContain("content-length");
  });

  it("waits ?delay=MS before it answers", async () => {
    const started = performance.now();
    expect((await ask(connectHttp2(url()), "/?delay=50")).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(49);
  });

  it("answers a bad value with 400 and a sentence", async () => {
    const { status, text } = await ask(connectHttp2(url()), "/?status=20");
    expect([status, text]).toEqual([400, "status must be one whole number from 200 to 599.\n"]);
  });

  it("outlives a client that goes while it waits or reads", async () => {
    const first = connectHttp2(url());
    const waiting = first.request({ ":path": "/?delay=60000" });
    const reading = first.request({ ":path": "/?size=100000000" });
    await once(reading, "response");
    waiting.on("error", () => {});
    reading.on("error", () => {});
    first.destroy();
    expect((await ask(connectHttp2(url()), "/")).status).toBe(200);
  });
});

describe("h2wire serve: what it prints", () => {
  it("says where it is, what it speaks, and how to try it", async () => {
    const { server, url } = await serve();
    await server.prints(/--http1\.1.*\n/);
    expect(server.text).toContain("HTTP/2 by prior knowledge and by Upgrade; HTTP/1.1");
    expect(server.text).toContain(`curl -v --http2 ${url}/`);
    expect(server.text).toContain(`curl -v --http2-prior-knowledge ${url}/`);
  });

  it("prints a line for each request", async () => {
    const { server, url } = await serve();
    await ask(connectHttp2(url), "/a?size=5");
    expect(await server.prints(/^GET .*$/m)).toMatch(
      /^GET \/a\?size=5 200 h2\(prior-knowledge\) 5 octets [\d.]+ ms$/,
    );
    await exchangeText(url, requestText("HEAD", "/"));
    expect(await server.prints(/^HEAD .*$/m)).toMatch(/^HEAD \/ 200 http\/1\.1 0 octets [\d.]+ ms$/);
  });

  it("says so when a response was not sent to the end", async () => {
    const { server, url } = await serve();
    const stream = connectHttp2(url).request({ ":path": "/?size=100000000" });
    await once(stream, "response");
    stream.close();
    expect(await server.prints(/^GET .*$/m)).toContain("/?size=100000000 aborted h2(prior-knowledge)");
  });
});

describe("h2wire serve --upgrade", () => {
  it("accepts h2c on the loopback unless told otherwise (RFC 7540 section 3.2)", async () => {
    const { url } = await serve();
    const text = await exchangeText(url, `${offerText()}nonsense`);
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  });

  it("ignores it for --upgrade ignore, and on other addresses than the loopback's", async () => {
    const { server, url } = await serve("--upgrade", "ignore");
    const text = await exchangeText(url, requestText("GET", "/", ...OFFER));
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(server.text).not.toMatch(/curl.*# Upgrade/);
    const everywhere = await serve("--host", "0.0.0.0");
    await everywhere.server.prints(/Upgrade is ignored/);
  });

  it("refuses it for --upgrade reject", async () => {
    const { url } = await serve("--upgrade", "reject");
    expect(await exchangeText(url, offerText())).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });
});

describe("h2wire serve over TLS", () => {
  it("makes a certificate for --tls, and negotiates by ALPN (RFC 9113 section 3.2)", async () => {
    const { server, url } = await serve("--tls");
    expect(url).toMatch(/^https:/);
    expect(JSON.parse((await ask(connectHttp2(url), "/")).text)).toMatchObject({
      protocol: "h2",
      negotiated: "alpn",
    });
    await server.prints(/curl -v -k https:/);
  });

  it("takes a certificate and its key, and at SIGHUP others in their place if those are of use", async () => {
    const [first, second] = await Promise.all([certificate(), selfSigned()]);
    const options = certificateOptions(first.cert, first.key);
    const { server, url } = await serve(...options);
    expect(await trusts(url, first.cert)).toBe(true);
    const [, certFile = "", , keyFile = ""] = options;
    writeFileSync(certFile, second.cert);
    writeFileSync(keyFile, second.key);
    server.child.kill("SIGHUP");
    await server.prints(/read again/);
    expect(await trusts(url, second.cert)).toBe(true);
    writeFileSync(certFile, "no certificate");
    server.child.kill("SIGHUP");
    await server.prints(/stays as it is/);
    expect(await trusts(url, second.cert)).toBe(true);
  });
});

describe("h2wire serve DIR", () => {
  const folder = makeFolder({ "a.txt": "0123456789" });
  const url = serveForAll(folder, "--cors");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("serves a file, and a part of it (RFC 9110 section 14.2)", async () => {
    const session = connectHttp2(url());
    const { status, headers, text } = await ask(session, "/a.txt");
    expect([status, text]).toEqual([200, "0123456789"]);
    expect(headers).toMatchObject({ "content-length": "10", "access-control-allow-origin": "*" });
    const part = await ask(session, "/a.txt", { range: "bytes=2-4" });
    expect([part.status, part.text]).toEqual([206, "234"]);
  });

  it("serves a file as it is now", async () => {
    for (const content of ["old", "newer"]) {
      writeFileSync(join(folder, "changing.txt"), content);
      expect((await ask(connectHttp2(url()), "/changing.txt")).text).toBe(content);
    }
  });

  it("lists the folder", async () => {
    expect((await ask(connectHttp2(url()), "/")).text).toContain('<a href="./a.txt">');
  });

  it.each(["/../secret", "/%2e%2e/secret", "/..%2fsecret"])(
    "refuses %s, which leaves the folder",
    async (path) => {
      expect((await ask(connectHttp2(url()), path)).status).toBe(403);
      expect(await exchangeText(url(), requestText("GET", path))).toMatch(/^HTTP\/1\.1 403 /);
    },
  );
});

describe("h2wire serve MODULE", () => {
  it("serves { fetch } by both protocols", async () => {
    const folder = makeFolder({
      "app.mjs":
        "export default { fetch: (request) => new Response('hello ' + new URL(request.url).pathname) };",
    });
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { server, url } = await serve(join(folder, "app.mjs"), "--cors");
    const { text, headers } = await ask(connectHttp2(url), "/there");
    expect([text, headers["access-control-allow-origin"]]).toEqual(["hello /there", "*"]);
    expect(await exchangeText(url, requestText("GET", "/here"))).toContain("hello /here");
    expect(await server.prints(/^GET \/there.*$/m)).toMatch(
      /^GET \/there 200 h2\(prior-knowledge\) [\d.]+ ms$/,
    );
    expect(await server.end("SIGTERM")).toBe(0);
  });
});

describe("h2wire serve: the end", () => {
  it("finishes the requests under way at SIGTERM, and ends with 0 (RFC 9113 section 6.8)", async () => {
    const { server, url } = await serve();
    const session = connectHttp2(url);
    const stream = session.request({ ":path": "/?size=3000000" });
    const [head] = await once(stream, "response");
    const end = server.end("SIGTERM");
    await server.prints(/Closing/);
    expect((await readRest(stream, head)).body.length).toBe(3_000_000);
    expect(await end).toBe(0);
  });

  it("ends at SIGINT too", async () => {
    const { server } = await serve();
    expect(await server.end("SIGINT")).toBe(0);
  });

  it("cuts off at --drain-timeout what is not done", async () => {
    const { server, url } = await serve("--drain-timeout", "50");
    const stream = connectHttp2(url).request({ ":path": "/?size=100000000" });
    await once(stream, "response");
    stream.on("error", () => {});
    expect(await server.end("SIGTERM")).toBe(0);
  });

  it("ends at once at a second signal", async () => {
    const { server, url } = await serve();
    const stream = connectHttp2(url).request({ ":path": "/?size=3000000" });
    await once(stream, "response");
    stream.on("error", () => {});
    server.child.kill("SIGTERM");
    await server.prints(/Closing/);
    expect(await server.end("SIGTERM")).toBe("SIGTERM");
  });
});

describe("h2wire serve: mistakes", () => {
  it("ends with 1 if the port is taken", async () => {
    const { url } = await serve();
    const { exitCode, stderr } = await run(["serve", "--port", new URL(url).port]);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^h2wire: .*EADDRINUSE.*\n$/)]);
  });

  it.each([
    ["a folder that is none", ["serve", "/nowhere/at/all"]],
    ["a certificate that is not there", ["serve", "--cert", "/nowhere", "--key", "/nowhere"]],
  ])("ends with 26 for %s", async (_case, args) => {
    const { exitCode, stderr } = await run(args);
    expect([exitCode, stderr]).toEqual([26, expect.stringMatching(/^h2wire: .*\/nowhere.*\n$/)]);
  });

  it("ends with 26 for a certificate that is none", async () => {
    const { exitCode, stderr } = await run(["serve", ...certificateOptions("no certificate", "no key")]);
    expect([exitCode, stderr]).toEqual([
      26,
      expect.stringMatching(/^h2wire: certificate or key is of no use: .*\n$/),
    ]);
  });

  it.each([
    ["--port", "65536"],
    ["--port", "http"],
    ["--upgrade", "maybe"],
    ["--cert", "only"],
    ["--tls", "--cert", "x", "--key", "y"],
    ["one", "two"],
  ])("ends with 2 for %s %s", async (...args) => {
    const { exitCode, stderr } = await run(["serve", ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^h2wire: /);
    expect(stderr).not.toContain("    at ");
  });
});
