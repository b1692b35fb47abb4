import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCurl } from "./support/curl.ts";
import { randomOctets, sha256, tenMebibytes } from "./support/octets.ts";
import { readAccount, sizedBody } from "./support/subject.ts";
import { type SubjectFixture, startSubject } from "./support/subject-fixture.ts";

let subject: SubjectFixture;

beforeAll(async () => {
  subject = await startSubject();
});

afterAll(() => subject.stop());

describe.each(["--http2", "--http2-prior-knowledge"])("curl %s on the cleartext port", (option) => {
  const negotiated = option === "--http2" ? "upgrade" : "prior-knowledge";

  it("is served over HTTP/2 (RFC 7540 section 3.2, RFC 9113 section 3.3)", async () => {
    const result = await runCurl([option, `${subject.cleartext.url}/hello`]);
    expect(result).toMatchObject({ httpVersion: "2", status: 200, switched: option === "--http2" });
    const account = readAccount(result.body.toString());
    expect(account).toMatchObject({ protocol: "HTTP/2", negotiated, method: "GET", path: "/hello" });
  });

  // No larger: curl gives up when more than 32 KiB come together with the 101.
  it("gets every octet of a body of several frames (RFC 9113 section 5.2)", async () => {
    const { downloaded, body } = await runCurl([option, `${subject.cleartext.url}/?size=30000`]);
    expect(downloaded).toBe(30_000);
    expect(sha256(body)).toBe(sha256(sizedBody(30_000)));
  });

  it("gets a HEAD's response without a body (RFC 9110 section 9.3.2)", async () => {
    const result = await runCurl([option, "--head", `${subject.cleartext.url}/?size=1000`]);
    expect(result).toMatchObject({ httpVersion: "2", status: 200, downloaded: 0 });
    expect(result.body.toString()).toMatch(/^content-length: 1000\r$/im);
  });

  it("sends a small body with its request (RFC 9113 section 8.1)", async () => {
    const result = await runCurl([option, "--data", "four", `${subject.cleartext.url}/form`]);
    expect(result).toMatchObject({ httpVersion: "2", status: 200 });
    const account = readAccount(result.body.toString());
    expect(account).toMatchObject({ negotiated, method: "POST", bodyLength: 4, sha256: sha256("four") });
  });

  it("gets the status that was asked for (RFC 9113 section 8.3.2)", async () => {
    const result = await runCurl([option, `${subject.cleartext.url}/?status=404`]);
    expect(result).toMatchObject({ httpVersion: "2", status: 404 });
  });
});

describe("curl sends ten mebibytes", () => {
  const octets = randomOctets(tenMebibytes);
  const upload = (option: string, url: string) => runCurl([option, "--data-binary", "@-", url], octets);
  const account = { method: "POST", bodyLength: octets.length, sha256: sha256(octets) };

  it("by prior knowledge, and they all arrive (RFC 9113 section 5.2)", async () => {
    const result = await upload("--http2-prior-knowledge", `${subject.cleartext.url}/`);
    expect(result.httpVersion).toBe("2");
    expect(readAccount(result.body.toString())).toMatchObject({ ...account, negotiated: "prior-knowledge" });
  });

  it("over TLS, and they all arrive (RFC 9113 section 5.2)", async () => {
    const result = await upload("--http2", `${subject.tls.url}/`);
    expect(result.httpVersion).toBe("2");
    expect(readAccount(result.body.toString())).toMatchObject({ ...account, negotiated: "alpn" });
  });

  it("with a request for Upgrade, granted or not, and they all arrive (RFC 7540 section 3.2)", async () => {
    const result = await upload("--http2", `${subject.cleartext.url}/`);
    expect(result.status).toBe(200);
    expect(readAccount(result.body.toString())).toMatchObject(account);
  });

  it("over HTTP/1.1, and they all arrive", async () => {
    const result = await upload("--http1.1", `${subject.cleartext.url}/`);
    expect(result.httpVersion).toBe("1.1");
    expect(readAccount(result.body.toString())).toMatchObject({ ...account, protocol: "HTTP/1.1" });
  });
});

describe("curl on the TLS port", () => {
  it("is served over HTTP/2 when it offers h2 by ALPN (RFC 9113 section 3.2)", async () => {
    const result = await runCurl(["--http2", `${subject.tls.url}/hello`]);
    expect(result).toMatchObject({ httpVersion: "2", status: 200 });
    const account = readAccount(result.body.toString());
    expect(account).toMatchObject({ protocol: "HTTP/2", negotiated: "alpn", path: "/hello" });
  });

  it("gets ten mebibytes unharmed (RFC 9113 section 5.2)", async () => {
    const { downloaded, body } = await runCurl(["--http2", `${subject.tls.url}/?size=${tenMebibytes}`]);
    expect(downloaded).toBe(tenMebibytes);
    expect(sha256(body)).toBe(sha256(sizedBody(tenMebibytes)));
  });

  it("is served several requests on one connection (RFC 9113 section 5.1.1)", async () => {
    const urls = Array.from({ length: 5 }, (_, index) => `${subject.tls.url}/?size=${1000 + index}`);
    const { body } = await runCurl(["--http2", ...urls]);
    expect(body.length).toBe(1000 + 1001 + 1002 + 1003 + 1004);
  });
});

describe("curl --http1.1", () => {
  it("is served over HTTP/1.1 on the cleartext port that speaks HTTP/2 too (RFC 9113 section 3.3)", async () => {
    const result = await runCurl(["--http1.1", `${subject.cleartext.url}/old`]);
    expect(result).toMatchObject({ httpVersion: "1.1", status: 200, switched: false });
    expect(readAccount(result.body.toString())).toMatchObject({ protocol: "HTTP/1.1", path: "/old" });
  });

  it("is served over HTTP/1.1 on the TLS port when ALPN offers that alone (RFC 7301 section 3.2)", async () => {
    const result = await runCurl(["--http1.1", `${subject.tls.url}/old`]);
    expect(result).toMatchObject({ httpVersion: "1.1", status: 200 });
    expect(readAccount(result.body.toString())).toMatchObject({ protocol: "HTTP/1.1", path: "/old" });
  });

  it("gets a HEAD's response without a body (RFC 9110 section 9.3.2)", async () => {
    const result = await runCurl(["--http1.1", "--head", `${subject.cleartext.url}/?size=1000`]);
    expect(result).toMatchObject({ httpVersion: "1.1", status: 200, downloaded: 0 });
  });
});
