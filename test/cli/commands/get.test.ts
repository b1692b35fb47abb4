import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { EchoAccount } from "../../../src/cli/echo.ts";
import { run, serveForAll, startRunning } from "../support/command.ts";
import * as peers from "../support/peers.ts";

// Each test starts a process, on whatever machine.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });

const url: () => string = serveForAll();
const tlsUrl: () => string = serveForAll("--tls");

const folder: string = mkdtempSync(join(tmpdir(), "h2wire-"));
afterAll(() => rmSync(folder, { recursive: true }));

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Runs `h2wire get` against the echo, and parses the account that it prints. */
async function account(...args: string[]): Promise<EchoAccount> {
  const { stdout, stderr, exitCode } = await run(["get", ...args, `${url()}/`]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as EchoAccount;
}

describe("h2wire get: where things go", () => {
  it("writes the octets of the body to the standard output, and nothing else", async () => {
    const { exitCode, octets, stderr } = await run(["get", "--prior-knowledge", `${url()}/?size=100000`]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(sha256(octets)).toBe(sha256(Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)));
  });

  it("shows head and trailers on the standard error for -i", async () => {
    const { stdout, stderr } = await run([
      "get",
      "-i",
      "--prior-knowledge",
      `${url()}/?size=1&trailers=1&status=404`,
    ]);
    expect(stdout).toBe("\0");
    expect(stderr).toMatch(/^HTTP\/2 404\n(.+\n)*content-type: application\/octet-stream\n(.+\n)*\n/);
    expect(stderr).toMatch(/\n\necho-length: 1\necho-sha256: [0-9a-f]{64}\n$/);
  });

  it("shows frames in and out with their fields for -v", async () => {
    const { stdout, stderr } = await run(["get", "-v", "--prior-knowledge", `${url()}/?size=1`]);
    expect(stdout).toBe("\0");
    expect(stderr).toMatch(/^> HEADERS stream=1 END_STREAM END_HEADERS length=\d+\n> {3}:method: GET\n/m);
    expect(stderr).toMatch(/^< SETTINGS ACK$/m);
    expect(stderr).toMatch(/^< HEADERS stream=1 END_HEADERS length=\d+\n< {3}:status: 200\n/m);
    expect(stderr).toContain("* h2(prior-knowledge), without TLS\n");
    expect(stderr).not.toContain("\x1b");
  });

  it("shows the head for -v where there are no frames", async () => {
    const { stderr } = await run(["get", "-v", `${url()}/`]);
    expect(stderr).toMatch(/^\* http\/1\.1, without TLS\nHTTP\/1\.1 200\n/);
  });

  it("writes the body to a file for -o", async () => {
    const file = join(folder, "body");
    const { stdout } = await run(["get", "-o", file, `${url()}/?size=3`]);
    expect([stdout, readFileSync(file, "latin1")]).toEqual(["", "\x00\x01\x02"]);
  });

  it("escapes what a peer sends to steer a terminal", async () => {
    const hostile = await peers.rawServer("HTTP/1.1 200 OK\r\nX: a\x9b2Jb\r\nContent-Length: 0\r\n\r\n");
    const { stderr } = await run(["get", "-i", hostile]);
    expect(stderr).toContain("x: a\\x9b2Jb\n");
  });

  it("is quiet when the reader of its output has gone", async () => {
    const { child } = startRunning("get", "--prior-knowledge", `${url()}/?size=100000000`);
    const errors: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [exitCode] = await once(child, "close");
    expect([exitCode, Buffer.concat(errors).toString()]).toEqual([23, ""]);
  });
});

describe("h2wire get --json", () => {
  it("prints one object about the exchange", async () => {
    const { stdout } = await run(["get", "--json", "--prior-knowledge", `${url()}/?status=201&trailers=1`]);
    const { timings, headers, trailers, body, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({
      protocol: "h2",
      negotiated: "prior-knowledge",
      tls: null,
      status: 201,
      bodyLength: body.length,
      sha256: sha256(body),
    });
    expect(headers).toContainEqual(["content-type", "application/json"]);
    expect(trailers).toEqual([
      ["echo-length", String(body.length)],
      ["echo-sha256", sha256(body)],
    ]);
    expect(timings.connected).toBeGreaterThan(0);
    expect(timings.responded).toBeGreaterThanOrEqual(timings.connected);
    expect(timings.finished).toBeGreaterThanOrEqual(timings.responded);
  });

  it("has no text for a body that is not UTF-8, nor for one that goes to a file", async () => {
    const binary = JSON.parse((await run(["get", "--json", `${url()}/?size=200`])).stdout);
    expect([binary.body, binary.bodyLength]).toEqual([null, 200]);
    const file = join(folder, "json-body");
    const filed = JSON.parse((await run(["get", "--json", "-o", file, `${url()}/?size=5`])).stdout);
    expect([filed.body, filed.bodyLength, filed.sha256]).toEqual([null, 5, sha256(readFileSync(file))]);
  });
});

describe("h2wire get: the ways", () => {
  it.each([
    ["nothing", [], "http/1.1", "http/1.1"],
    ["--http1.1", ["--http1.1"], "http/1.1", "http/1.1"],
    ["--upgrade", ["--upgrade"], "h2", "upgrade"],
    ["--prior-knowledge", ["--prior-knowledge"], "h2", "prior-knowledge"],
  ])("goes by %s without TLS", async (_name, args, protocol, negotiated) => {
    const { body, ...told } = JSON.parse((await run(["get", "--json", ...args, `${url()}/`])).stdout);
    expect(told).toMatchObject({ protocol, negotiated, tls: null });
    expect(JSON.parse(body)).toMatchObject({ protocol, negotiated });
  });

  it.each([
    ["nothing", [], "h2"],
    ["--http1.1", ["--http1.1"], "http/1.1"],
  ])("goes by %s over TLS, where ALPN negotiates (RFC 9113 section 3.2)", async (_name, args, protocol) => {
    const { body, ...told } = JSON.parse(
      (await run(["get", "--json", "-k", ...args, `${tlsUrl()}/`])).stdout,
    );
    expect(told).toMatchObject({ protocol, negotiated: "alpn", tls: { version: "TLSv1.3" } });
    expect(JSON.parse(body)).toMatchObject({ protocol, negotiated: "alpn" });
  });

  it("gets along with node:http2 over TLS", async () => {
    const peer = await peers.http2OverTls((stream, headers) => {
      stream.respond({ ":status": 200, "x-user-agent": headers["user-agent"] });
      stream.end("from node:http2");
    });
    const { stdout, stderr } = await run(["get", "-ik", peer]);
    expect(stdout).toBe("from node:http2");
    expect(stderr).toMatch(/^HTTP\/2 200\nx-user-agent: h2wire\/\d/);
  });

  it("falls back to HTTP/1.1 with a server of node:https", async () => {
    const peer = await peers.http1OverTls((_request, response) => response.end("from node:https"));
    const { stdout, stderr } = await run(["get", "-ik", peer]);
    expect(stdout).toBe("from node:https");
    expect(stderr).toMatch(/^HTTP\/1\.1 200\n/);
  });

  it("takes the answer in HTTP/1.1 of a server that does not upgrade (RFC 9110 section 7.8)", async () => {
    const peer = await peers.rawServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
    const told = JSON.parse((await run(["get", "--json", "--upgrade", peer])).stdout);
    expect(told).toMatchObject({ protocol: "http/1.1", status: 200, body: "no" });
  });

  it("shows interim responses for -i (RFC 9110 section 15.2)", async () => {
    const peer = await peers.http2Cleartext((stream) => {
      stream.additionalHeaders({ ":status": 103, link: "</a>" });
      stream.respond({ ":status": 200 }, { endStream: true });
    });
    const { stderr } = await run(["get", "-i", "--prior-knowledge", peer]);
    expect(stderr).toMatch(/^HTTP\/2 103\nlink: <\/a>\n\nHTTP\/2 200\n/);
  });
});

describe("h2wire get: the request", () => {
  it("sends what it is, and takes everything", async () => {
    const { method, path, fields } = await account();
    expect([method, path]).toEqual(["GET", "/"]);
    expect(fields).toContainEqual(["user-agent", expect.stringMatching(/^h2wire\/\d/)]);
    expect(fields).toContainEqual(["accept", "*/*"]);
  });

  it("posts -d as a form, several joined by &", async () => {
    const told = await account("-d", "a=1", "-d", "b=é");
    expect(told).toMatchObject({ method: "POST", bodyLength: 8, sha256: sha256("a=1&b=é") });
    expect(told.fields).toContainEqual(["content-type", "application/x-www-form-urlencoded"]);
  });

  it("posts a file for -d @FILE, and the standard input for -d @-", async () => {
    const content = Buffer.from([0, 13, 10, 255]);
    writeFileSync(join(folder, "data"), content);
    expect(await account("-d", `@${join(folder, "data")}`)).toMatchObject({ sha256: sha256(content) });
    const { stdout } = await run(["get", "--prior-knowledge", "-d", "@-", `${url()}/`], "typed");
    expect(JSON.parse(stdout)).toMatchObject({ bodyLength: 5, sha256: sha256("typed") });
  });

  it("uses the method of -X", async () => {
    expect(await account("-X", "PUT", "-d", "x")).toMatchObject({ method: "PUT", bodyLength: 1 });
    expect(await account("--prior-knowledge", "-X", "DELETE")).toMatchObject({ method: "DELETE" });
    expect(await run(["get", "-X", "HEAD", `${url()}/`])).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("sends fields of -H, in place of its own ones of the name", async () => {
    const { fields } = await account(
      "--prior-knowledge",
      "-H",
      "Accept: text/html",
      "-H",
      "x-a: 1",
      "-H",
      "x-a:é",
    );
    expect(fields.filter(([name]) => ["accept", "x-a"].includes(name))).toEqual([
      ["accept", "text/html"],
      ["x-a", "1"],
      ["x-a", "\xc3\xa9"],
    ]);
  });

  it("sends user and password of the URL as credentials (RFC 7617 section 2)", async () => {
    const { stdout } = await run(["get", url().replace("//", "//me:secret@")]);
    expect(JSON.parse(stdout).fields).toContainEqual(["authorization", "Basic bWU6c2VjcmV0"]);
  });

  it("posts as the request of an Upgrade too (RFC 7540 section 3.2)", async () => {
    expect(await account("--upgrade", "-d", "body")).toMatchObject({
      negotiated: "upgrade",
      sha256: sha256("body"),
    });
  });
});

describe("h2wire get: exit codes", () => {
  /** Runs it, expects a single line of complaint, and gives the exit code. */
  async function exitCode(...args: string[]): Promise<number | null> {
    const finished = await run(["get", ...args]);
    expect(finished.stderr).toMatch(/^h2wire: .+\n(Try: h2wire get --help\n)?$/);
    return finished.exitCode;
  }

  it.each([
    ["no such option", ["--nonsense", "http://localhost/"]],
    ["no URL", []],
    ["a method that is none", ["-X", "A B", "http://localhost/"]],
    ["a field that is none", ["-H", "no colon", "http://localhost/"]],
    ["a field with a line break", ["-H", "a: b\nc: d", "http://localhost/"]],
    ["a time that is none", ["-m", "soon", "http://localhost/"]],
    ["two ways at once", ["--upgrade", "--prior-knowledge", "http://localhost/"]],
    ["an Upgrade over TLS", ["--upgrade", "https://localhost/"]],
    ["prior knowledge over TLS", ["--prior-knowledge", "https://localhost/"]],
  ])("is 2 for %s", async (_case, args) => {
    expect(await exitCode(...args)).toBe(2);
  });

  it("is 2 for a field that only the Upgrade itself may set", async () => {
    expect(await exitCode("--upgrade", "-H", "connection: close", url())).toBe(2);
  });

  it("is 3 for a malformed URL", async () => {
    expect(await exitCode("http://[::1")).toBe(3);
    expect(await exitCode("ftp://localhost/")).toBe(3);
  });

  it("is 6 for a name without an address", async () => {
    expect(await exitCode("http://a..b/")).toBe(6);
  });

  it("is 7 where nobody listens", async () => {
    expect(await exitCode(await peers.nobody())).toBe(7);
    expect(await exitCode("--prior-knowledge", await peers.nobody())).toBe(7);
  });

  it("is 16 for a stream that is reset (RFC 9113 section 6.4)", async () => {
    expect(
      await exitCode("--prior-knowledge", await peers.http2Cleartext((stream) => stream.close(11))),
    ).toBe(16);
  });

  it("is 16 for a peer that does not speak HTTP/2 (RFC 9113 section 3.4)", async () => {
    const http1 = await peers.rawServer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    expect(await exitCode("--prior-knowledge", http1)).toBe(16);
  });

  it("is 16 for a 101 to another protocol (RFC 9110 section 7.8)", async () => {
    const other = await peers.rawServer(
      "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
    );
    expect(await exitCode("--upgrade", other)).toBe(16);
  });

  it("is 23 for a file that cannot be written", async () => {
    expect(await exitCode("-o", join(folder, "no", "such", "folder"), url())).toBe(23);
  });

  it("is 26 for a file that cannot be read", async () => {
    expect(await exitCode("-d", "@/nowhere/at/all", url())).toBe(26);
  });

  it.each([[], ["--prior-knowledge"], ["--upgrade"]])("is 28 after the time of -m %s", async (...way) => {
    expect(await exitCode("-m", "0.1", ...way, await peers.silentServer())).toBe(28);
  });

  it("is 28 when the body takes longer than -m", async () => {
    const peer = await peers.http2Cleartext((stream) => {
      stream.respond({ ":status": 200 });
      stream.write("part");
    });
    expect(await exitCode("-m", "0.3", "--prior-knowledge", peer)).toBe(28);
  });

  it("is 35 for a server that speaks no TLS, or only TLS that HTTP/2 must not use (RFC 9113 section 9.2.2)", async () => {
    expect(await exitCode(url().replace("http:", "https:"))).toBe(35);
    expect(await exitCode("-k", await peers.tls12Server("AES128-SHA256"))).toBe(35);
  });

  it("is 56 for a connection that ends before the answer does", async () => {
    expect(await exitCode(await peers.rawServer(""))).toBe(56);
    expect(
      await exitCode("--prior-knowledge", await peers.http2Cleartext((stream) => stream.session?.destroy())),
    ).toBe(56);
    const cut = await peers.rawServer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npart");
    expect(await run(["get", cut])).toMatchObject({ exitCode: 56, stdout: "part" });
  });

  it("is 60 for a certificate that nobody trusts", async () => {
    expect(await exitCode(tlsUrl())).toBe(60);
  });
});
