import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patternOctets, sha256, tenMebibytes } from "./support/octets.ts";
import { type PythonRequests, runPythonClient } from "./support/python-client.ts";
import { readAccount, sizedBody } from "./support/subject.ts";
import { type SubjectFixture, startSubject } from "./support/subject-fixture.ts";

let subject: SubjectFixture;

beforeAll(async () => {
  subject = await startSubject();
});

afterAll(() => subject.stop());

const ways = [
  { way: "alpn", negotiated: "alpn" },
  { way: "prior", negotiated: "prior-knowledge" },
  { way: "upgrade", negotiated: "upgrade" },
] as const;

describe.each(ways)("Python's h2 as client, by $negotiated", ({ way, negotiated }) => {
  const run = (requests: Omit<PythonRequests, "way" | "port">) =>
    runPythonClient({ ...requests, way, port: (way === "alpn" ? subject.tls : subject.cleartext).port });

  it("gets its GET answered on stream 1 (RFC 9113 section 5.1.1)", async () => {
    const { failure, responses } = await run({ path: "/hello?x=1" });
    expect(failure).toBeNull();
    expect(responses).toMatchObject([{ streamId: 1, status: 200 }]);
    const account = readAccount(responses[0]?.text ?? "");
    expect(account).toMatchObject({ protocol: "HTTP/2", negotiated, method: "GET", path: "/hello?x=1" });
  });

  it("has its SETTINGS acknowledged and sends its own acknowledgement (RFC 9113 section 6.5.3)", async () => {
    const { events } = await run({ path: "/", count: 3 });
    expect(events).toMatchObject({ RemoteSettingsChanged: 1, SettingsAcknowledged: 1, StreamEnded: 3 });
  });

  it("gets ten mebibytes unharmed (RFC 9113 section 5.2)", async () => {
    const { failure, responses } = await run({ path: `/?size=${tenMebibytes}` });
    expect(failure).toBeNull();
    expect(responses).toMatchObject([{ bodyLength: tenMebibytes, sha256: sha256(sizedBody(tenMebibytes)) }]);
  });

  it("sends a body, which arrives unharmed (RFC 9113 section 8.1)", async () => {
    const { failure, responses } = await run({ path: "/", method: "POST", bodySize: 50_000 });
    expect(failure).toBeNull();
    const account = readAccount(responses[0]?.text ?? "");
    const body = { bodyLength: 50_000, sha256: sha256(patternOctets(50_000)) };
    expect(account).toMatchObject({ method: "POST", negotiated, ...body });
  });

  it("has 120 requests answered on one connection (RFC 9113 section 5.1.2)", async () => {
    const { failure, responses } = await run({ path: "/?size=5000", count: 120 });
    expect(failure).toBeNull();
    expect(responses.map((response) => response.streamId)).toEqual(oddNumbers(120));
    expect(new Set(responses.map((response) => response.sha256))).toEqual(new Set([sha256(sizedBody(5000))]));
  });
});

function oddNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 2 * index + 1);
}
