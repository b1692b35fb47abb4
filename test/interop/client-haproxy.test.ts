import { afterAll, beforeAll, describe } from "vitest";
import {
  itExchangesOverHttp2,
  itSendsBodyWithUpgrade,
  itSpeaksHttp1,
  itTakesTheHttp1Answer,
} from "./support/client-cases.ts";
import { startHaproxy } from "./support/haproxy.ts";
import type { ServerPeer } from "./support/server-peer.ts";

let peer: ServerPeer;

beforeAll(async () => {
  peer = await startHaproxy();
});

afterAll(() => peer.stop());

describe.each(["alpn", "prior-knowledge"] as const)("our client with HAProxy, by %s", (way) => {
  itExchangesOverHttp2(() => peer, way);
});

describe("our client with HAProxy", () => {
  itTakesTheHttp1Answer(() => peer);
  itSendsBodyWithUpgrade(() => peer, "HTTP/1.1");
  itSpeaksHttp1(() => peer);
});
