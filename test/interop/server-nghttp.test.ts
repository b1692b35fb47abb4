import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { downloadByNghttp, runNghttp } from "./support/nghttp.ts";
import { patternOctets, sha256 } from "./support/octets.ts";
import { readAccount, sizedBody } from "./support/subject.ts";
import { type SubjectFixture, startSubject } from "./support/subject-fixture.ts";

let subject: SubjectFixture;
const upload = patternOctets(300_000);
let uploadFile: string;

beforeAll(async () => {
  subject = await startSubject();
  uploadFile = join(subject.workspace.directory, "upload.bin");
  await writeFile(uploadFile, upload);
});

afterAll(() => subject.stop());

interface Port {
  readonly name: string;
  readonly args: readonly string[];
  readonly negotiated: string;
  readonly origin: () => string;
}

const ports: readonly Port[] = [
  { name: "over TLS", args: [], negotiated: "alpn", origin: () => subject.tls.url },
  {
    name: "by prior knowledge",
    args: [],
    negotiated: "prior-knowledge",
    origin: () => subject.cleartext.url,
  },
  { name: "by Upgrade", args: ["--upgrade"], negotiated: "upgrade", origin: () => subject.cleartext.url },
];

describe.each(ports)("nghttp $name", ({ args, negotiated, origin }) => {
  it("finds no fault with a single response (RFC 9113 section 8.1)", async () => {
    const result = await runNghttp([...args, `${origin()}/`]);
    expect(result.faults).toEqual([]);
    expect(result.statuses).toEqual([200]);
    expect(result.switched).toBe(negotiated === "upgrade");
  });

  it("takes its idle streams' PRIORITY frames as read and answers on the stream after them (RFC 9113 section 5.3.2)", async () => {
    const account = readAccount((await downloadByNghttp([...args, `${origin()}/tree`])).toString());
    expect(account).toMatchObject({ protocol: "HTTP/2", negotiated, method: "GET", path: "/tree" });
  });

  it("has a hundred streams answered at once, without a fault (RFC 9113 section 5.1.2)", async () => {
    const result = await runNghttp([...args, "--multiply=100", `${origin()}/?size=2000&delay=20`]);
    expect(result.faults).toEqual([]);
    expect(result.statuses).toEqual(Array(100).fill(200));
  });

  it("gets every octet through a window of 16 KiB (RFC 9113 section 6.9.2)", async () => {
    const small = ["--window-bits=14", "--connection-window-bits=14"];
    const body = await downloadByNghttp([...args, ...small, `${origin()}/?size=1000000`]);
    expect(sha256(body)).toBe(sha256(sizedBody(1_000_000)));
  });

  it("sends a body of many frames with padding (RFC 9113 section 6.1)", async () => {
    const sending = [`--data=${uploadFile}`, "--padding=100"];
    const account = readAccount((await downloadByNghttp([...args, ...sending, `${origin()}/`])).toString());
    expect(account).toMatchObject({ method: "POST", bodyLength: upload.length, sha256: sha256(upload) });
  });

  it("sends trailers (RFC 9113 section 8.1)", async () => {
    const sending = [`--data=${uploadFile}`, "--trailer=checksum: none"];
    const account = readAccount((await downloadByNghttp([...args, ...sending, `${origin()}/`])).toString());
    expect(account.sha256).toBe(sha256(upload));
  });
});

// After an Upgrade the first request's fields came in HTTP/1.1.
describe.each(ports.filter(({ negotiated }) => negotiated !== "upgrade"))(
  "nghttp $name",
  ({ args, origin }) => {
    it("sends its fields in HEADERS and CONTINUATION (RFC 9113 section 6.10)", async () => {
      const account = readAccount(
        (await downloadByNghttp([...args, "--continuation", `${origin()}/long`])).toString(),
      );
      expect(account.path).toBe("/long");
      expect(account.fields.filter(([name]) => name.startsWith("continuation-test")).length).toBeGreaterThan(
        2,
      );
    });
  },
);
