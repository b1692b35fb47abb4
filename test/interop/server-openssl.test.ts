import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchange, shakeHands } from "./support/openssl-client.ts";
import { readAccount, type SubjectServer, startSubjectServer } from "./support/subject.ts";
import { type SubjectFixture, startSubject } from "./support/subject-fixture.ts";

let subject: SubjectFixture;
let permissive: SubjectServer;

const prohibited = ["AES128-SHA256", "ECDHE-RSA-AES128-SHA256", "AES128-GCM-SHA256"];

beforeAll(async () => {
  subject = await startSubject();
  const ciphers = `ECDHE-RSA-AES128-GCM-SHA256:${prohibited.join(":")}`;
  permissive = await startSubjectServer({ tls: subject.workspace.certificate, ciphers });
});

afterAll(async () => {
  await permissive.stop();
  await subject.stop();
});

describe("openssl s_client offers by ALPN", () => {
  it.each([
    { offer: "h2", chosen: "h2" },
    { offer: "h2,http/1.1", chosen: "h2" },
    { offer: "http/1.1,h2", chosen: "h2" },
    { offer: "http/1.1", chosen: "http/1.1" },
    { offer: "unheard-of,h2", chosen: "h2" },
  ])("$offer and is given $chosen (RFC 7301 section 3.2)", async ({ offer, chosen }) => {
    const handshake = await shakeHands(subject.tls.port, ["-alpn", offer]);
    expect(handshake).toEqual({ alpn: chosen, version: "TLSv1.3", alert: undefined });
  });

  it("nothing at all, and may shake hands nevertheless (RFC 7301 section 3.1)", async () => {
    const handshake = await shakeHands(subject.tls.port, []);
    expect(handshake).toEqual({ alpn: undefined, version: "TLSv1.3", alert: undefined });
  });

  it.each(["-tls1_2", "-tls1_3"])(
    "only what we do not speak (%s), and gets the alert no_application_protocol (RFC 7301 section 3.2)",
    async (version) => {
      const handshake = await shakeHands(subject.tls.port, [version, "-alpn", "spdy/3.1"]);
      expect(handshake).toEqual({ alpn: undefined, version: undefined, alert: 120 });
    },
  );
});

describe("openssl s_client then speaks", () => {
  const http1Request = Buffer.from("GET /old HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

  it.each([{ args: [] }, { args: ["-alpn", "http/1.1"] }])(
    "HTTP/1.1 after $args and is answered in HTTP/1.1 (RFC 9113 section 3.2)",
    async ({ args }) => {
      const answer = (await exchange(subject.tls.port, args, http1Request)).toString();
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(readAccount(answer.slice(answer.indexOf("{")))).toMatchObject({
        protocol: "HTTP/1.1",
        path: "/old",
      });
    },
  );

  it("HTTP/2 after h2, and the first frame from us is SETTINGS (RFC 9113 section 3.4)", async () => {
    const [first, ...others] = await requestOverHttp2(subject.tls.port, ["-alpn", "h2"]);
    expect(first).toMatchObject({ type: frameType.settings, streamId: 0 });
    expect(others).toContainEqual(expect.objectContaining({ type: frameType.headers, streamId: 1 }));
  });

  it("nonsense after h2, and gets GOAWAY with PROTOCOL_ERROR (RFC 9113 section 3.4)", async () => {
    const octets = await exchange(subject.tls.port, ["-alpn", "h2"], http1Request, isOver);
    expect(goawayErrors(splitFrames(octets))).toEqual([1]);
  });
});

describe("openssl s_client with TLS 1.2", () => {
  it("is served on a suite that HTTP/2 allows (RFC 9113 section 9.2.2)", async () => {
    const args = ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-alpn", "h2"];
    expect(await shakeHands(subject.tls.port, args)).toMatchObject({ alpn: "h2", version: "TLSv1.2" });
    const frames = await requestOverHttp2(subject.tls.port, args);
    expect(goawayErrors(frames)).toEqual([]);
    expect(frames).toContainEqual(expect.objectContaining({ type: frameType.headers, streamId: 1 }));
  });

  it.each(prohibited)(
    "finds no common suite when it offers %s alone (RFC 9113 section 9.2.2)",
    async (suite) => {
      const args = ["-tls1_2", "-cipher", suite, "-alpn", "h2"];
      expect(await shakeHands(subject.tls.port, args)).toMatchObject({ version: undefined, alert: 40 });
    },
  );

  it.each(prohibited)(
    "gets GOAWAY with INADEQUATE_SECURITY on %s where the server was told to allow it (RFC 9113 section 9.2.2)",
    async (suite) => {
      const args = ["-tls1_2", "-cipher", suite, "-alpn", "h2"];
      expect(goawayErrors(await requestOverHttp2(permissive.port, args))).toEqual([12]);
    },
  );

  it("does not get through with TLS 1.1 (RFC 9113 section 9.2)", async () => {
    const args = ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0", "-alpn", "h2"];
    expect(await shakeHands(subject.tls.port, args)).toMatchObject({ version: undefined, alert: 70 });
  });
});

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

const frameType = { data: 0, headers: 1, settings: 4, goaway: 7 } as const;

/** Sends the preface and a GET as stream 1; what comes back ends with the response, or with GOAWAY. */
async function requestOverHttp2(port: number, args: readonly string[]): Promise<Frame[]> {
  const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const settings = Buffer.from("000000040000000000", "hex");
  // HEADERS with END_STREAM and END_HEADERS: GET, https, / from the static table, and an :authority.
  const headers = Buffer.concat([
    Buffer.from("00000e010500000001828784", "hex"),
    literalAuthority("localhost"),
  ]);
  return splitFrames(await exchange(port, args, Buffer.concat([preface, settings, headers]), isOver));
}

function literalAuthority(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x41, value.length]), Buffer.from(value)]);
}

function isOver(received: Buffer): boolean {
  return splitFrames(received).some(({ type, flags }) => {
    const endsStream = type === frameType.data && (flags & 1) === 1;
    return endsStream || type === frameType.goaway;
  });
}

/** The frames that have come whole. */
function splitFrames(octets: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start + 9 <= octets.length; ) {
    const end = start + 9 + octets.readUIntBE(start, 3);
    if (end > octets.length) break;
    const streamId = octets.readUInt32BE(start + 5) & 0x7fffffff;
    const [type, flags] = octets.subarray(start + 3, start + 5) as unknown as [number, number];
    frames.push({ type, flags, streamId, payload: octets.subarray(start + 9, end) });
    start = end;
  }
  return frames;
}

function goawayErrors(frames: readonly Frame[]): number[] {
  return frames.filter(({ type }) => type === frameType.goaway).map(({ payload }) => payload.readUInt32BE(4));
}
