import { afterAll, beforeAll, describe } from "vitest";
import { itExchangesOverHttp2, itSendsBodyWithUpgrade, itSpeaksHttp1 } from "./support/client-cases.ts";
import { startNghttpx } from "./support/nghttpx.ts";
import type { ServerPeer } from "./support/server-peer.ts";

let peer: ServerPeer;

beforeAll(async () => {
  peer = await startNghttpx();
});

afterAll(() => peer.stop());

describe.each(["alpn", "prior-knowledge", "upgrade"] as const)("our client with nghttpx, by %s", (way) => {
  itExchangesOverHttp2(() => peer, way);
});

describe("our client with nghttpx", () => {
  itSendsBodyWithUpgrade(() => peer, "HTTP/2");
  itSpeaksHttp1(() => peer);
});
