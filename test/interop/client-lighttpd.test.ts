import { afterAll, beforeAll, describe } from "vitest";
import {
  itExchangesOverHttp2,
  itSendsBodyWithUpgrade,
  itSpeaksHttp1,
  itTakesAnEarlyResponse,
} from "./support/client-cases.ts";
import { startLighttpd } from "./support/lighttpd.ts";
import type { ServerPeer } from "./support/server-peer.ts";

let peer: ServerPeer;

beforeAll(async () => {
  peer = await startLighttpd();
});

afterAll(() => peer.stop());

describe.each(["alpn", "prior-knowledge", "upgrade"] as const)("our client with lighttpd, by %s", (way) => {
  itExchangesOverHttp2(() => peer, way);
});

describe("our client with lighttpd", () => {
  itSendsBodyWithUpgrade(() => peer, "HTTP/1.1");
  itTakesAnEarlyResponse(() => peer, 200);
  itSpeaksHttp1(() => peer);
});
