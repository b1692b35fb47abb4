import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApache } from "./support/apache.ts";
import {
  itExchangesOverHttp2,
  itSendsBodyWithUpgrade,
  itSpeaksHttp1,
  itTakesAnEarlyResponse,
  reach,
} from "./support/client-cases.ts";
import { sha256 } from "./support/octets.ts";
import type { ServerPeer } from "./support/server-peer.ts";
import { subjectRequest } from "./support/subject.ts";

let peer: ServerPeer;

beforeAll(async () => {
  peer = await startApache();
});

afterAll(() => peer.stop());

describe.each(["alpn", "prior-knowledge", "upgrade"] as const)(
  "our client with Apache httpd, by %s",
  (way) => {
    itExchangesOverHttp2(() => peer, way);
  },
);

describe("our client with Apache httpd", () => {
  itSendsBodyWithUpgrade(() => peer, "HTTP/1.1");
  itTakesAnEarlyResponse(() => peer, 200);
  itSpeaksHttp1(() => peer);
});

describe("our client with Apache httpd's event module", () => {
  let impatient: ServerPeer;

  beforeAll(async () => {
    impatient = await startApache("event");
  });

  afterAll(() => impatient.stop());

  it("keeps the response that GOAWAY without an error follows at once (RFC 9113 section 6.8)", async () => {
    const { hello } = impatient.workspace.site;
    const response = await subjectRequest({ ...reach(impatient, "upgrade"), path: hello.path });
    expect(response).toMatchObject({ status: 200, protocol: "HTTP/2" });
    expect(sha256(response.body)).toBe(hello.sha256);
  });
});
