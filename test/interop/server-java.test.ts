import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileJavaClient, type JavaClient } from "./support/java-client.ts";
import { patternOctets, sha256, tenMebibytes } from "./support/octets.ts";
import { readAccount, sizedBody } from "./support/subject.ts";
import { type SubjectFixture, startSubject } from "./support/subject-fixture.ts";

let subject: SubjectFixture;
let run: JavaClient;

beforeAll(async () => {
  subject = await startSubject();
  run = await compileJavaClient(subject.workspace.directory);
});

afterAll(() => subject.stop());

const ports = [
  { name: "over http, where it asks by Upgrade", negotiated: "upgrade", origin: () => subject.cleartext.url },
  { name: "over https, where it asks by ALPN", negotiated: "alpn", origin: () => subject.tls.url },
] as const;

describe.each(ports)("Java's HttpClient $name", ({ negotiated, origin }) => {
  it("is answered over HTTP/2 (RFC 7540 section 3.2, RFC 9113 section 3.2)", async () => {
    const [response] = await run({ url: `${origin()}/hello` });
    expect(response).toMatchObject({ version: "HTTP_2", status: 200 });
    const account = readAccount(response?.text ?? "");
    expect(account).toMatchObject({ protocol: "HTTP/2", negotiated, method: "GET", path: "/hello" });
  });

  it("sends a body with its first request (RFC 7540 section 3.2)", async () => {
    const [response] = await run({ url: `${origin()}/form`, method: "POST", bodySize: 50_000 });
    expect(response).toMatchObject({ version: "HTTP_2", status: 200 });
    const body = { bodyLength: 50_000, sha256: sha256(patternOctets(50_000)) };
    expect(readAccount(response?.text ?? "")).toMatchObject({ method: "POST", negotiated, ...body });
  });

  it("gets a hundred large responses at once on the connection it has (RFC 9113 section 5)", async () => {
    const responses = await run({ url: `${origin()}/?size=100000`, count: 101 });
    const expected = { version: "HTTP_2", status: 200, sha256: sha256(sizedBody(100_000)) };
    expect(responses.length).toBe(101);
    for (const response of responses) expect(response).toMatchObject(expected);
  });

  it("gets ten mebibytes unharmed (RFC 9113 section 5.2)", async () => {
    const [response] = await run({ url: `${origin()}/?size=${tenMebibytes}` });
    expect(response).toMatchObject({ version: "HTTP_2", sha256: sha256(sizedBody(tenMebibytes)) });
  });
});
