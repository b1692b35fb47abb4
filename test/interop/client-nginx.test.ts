import { afterAll, beforeAll, describe } from "vitest";
import {
  itExchangesOverHttp2,
  itSendsBodyWithUpgrade,
  itSpeaksHttp1,
  itTakesAnEarlyResponse,
  itTakesTheHttp1Answer,
} from "./support/client-cases.ts";
import { startNginx } from "./support/nginx.ts";
import type { ServerPeer } from "./support/server-peer.ts";

let peer: ServerPeer;

beforeAll(async () => {
  peer = await startNginx();
});

afterAll(() => peer.stop());

describe.each(["alpn"] as const)("our client with nginx, by %s", (way) => {
  itExchangesOverHttp2(() => peer, way);
});

describe("our client with nginx", () => {
  itTakesTheHttp1Answer(() => peer);
  itSendsBodyWithUpgrade(() => peer, "HTTP/1.1");
  itTakesAnEarlyResponse(() => peer, 405);
  itSpeaksHttp1(() => peer);
});
