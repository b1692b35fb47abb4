import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itExchangesOverHttp2, reach } from "./support/client-cases.ts";
import { startNghttpd } from "./support/nghttpd.ts";
import type { ServerPeer } from "./support/server-peer.ts";
import { connectSubject, subjectRequest } from "./support/subject.ts";

let peer: ServerPeer;

beforeAll(async () => {
  peer = await startNghttpd();
});

afterAll(() => peer.stop());

describe.each(["alpn", "prior-knowledge"] as const)("our client with nghttpd, by %s", (way) => {
  itExchangesOverHttp2(() => peer, way);
});

describe("our client with nghttpd", () => {
  it("is told of no error by GOAWAY or RST_STREAM (RFC 9113 section 7)", async () => {
    const client = connectSubject(reach(peer, "prior-knowledge"));
    const { hello } = peer.workspace.site;
    await Promise.all(Array.from({ length: 100 }, () => client.request({ path: hello.path })));
    await client.close();
    expect(peer.output()).toContain("recv HEADERS frame");
    expect(peer.output()).not.toMatch(/error_code=(?!NO_ERROR)/);
  });

  it("fails when nghttpd, which knows no HTTP/1.1, hangs up on its request for Upgrade (RFC 7540 section 3.2)", async () => {
    const request = subjectRequest({ ...reach(peer, "upgrade"), path: "/hello.txt" });
    await expect(request).rejects.toThrow();
  });
});
