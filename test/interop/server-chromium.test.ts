import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dumpPage, readResult } from "./support/chromium.ts";
import { patternOctets, sha256 } from "./support/octets.ts";
import { readAccount, sizedBody } from "./support/subject.ts";
import { type SubjectFixture, startSubject } from "./support/subject-fixture.ts";

interface PageResult {
  readonly error?: string;
  readonly pageProtocol: string;
  readonly protocols: readonly string[];
  readonly status: number;
  readonly download: string;
  readonly account: string;
  readonly many: readonly string[];
}

let subject: SubjectFixture;
let result: PageResult;

// One start of the browser for all cases: it takes longer than everything else together.
beforeAll(async () => {
  const page = await readFile(new URL("support/scripts/page.html", import.meta.url), "utf8");
  subject = await startSubject({ pages: new Map([["/page.html", page]]) });
  result = readResult(await dumpPage(`${subject.tls.url}/page.html`, subject.workspace.directory));
});

afterAll(() => subject.stop());

describe("Chromium over TLS", () => {
  it("loads a page over h2 (RFC 9113 section 3.2)", () => {
    expect(result.error).toBeUndefined();
    expect(result.pageProtocol).toBe("h2");
  });

  it("fetches everything else over h2 as well (RFC 9113 section 9.1)", () => {
    expect(new Set(result.protocols)).toEqual(new Set(["h2"]));
  });

  it("gets three mebibytes unharmed (RFC 9113 section 5.2)", () => {
    expect(result.status).toBe(200);
    expect(result.download).toBe(sha256(sizedBody(3_000_000)));
  });

  it("sends a body, which arrives unharmed (RFC 9113 section 8.1)", () => {
    const body = { bodyLength: 200_000, sha256: sha256(patternOctets(200_000)) };
    expect(readAccount(result.account)).toMatchObject({ method: "POST", negotiated: "alpn", ...body });
  });

  it("has a hundred requests answered side by side (RFC 9113 section 5)", () => {
    expect(result.many).toEqual(Array.from({ length: 100 }, (_, index) => sha256(sizedBody(4000 + index))));
  });
});
