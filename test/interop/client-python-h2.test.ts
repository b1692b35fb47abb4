import { afterAll, beforeAll, describe } from "vitest";
import {
  itExchangesOverHttp2,
  itSendsBodyWithUpgrade,
  itSpeaksHttp1,
  itTakesTheHttp1Answer,
} from "./support/client-cases.ts";
import { startPythonServer } from "./support/python-server.ts";
import type { ServerPeer } from "./support/server-peer.ts";

let peer: ServerPeer;

beforeAll(async () => {
  peer = await startPythonServer();
});

afterAll(() => peer.stop());

describe.each(["alpn", "prior-knowledge", "upgrade"] as const)(
  "our client with Python's h2, by %s",
  (way) => {
    itExchangesOverHttp2(() => peer, way);
  },
);

describe("our client with Python's h2", () => {
  itSendsBodyWithUpgrade(() => peer, "HTTP/2");
  itSpeaksHttp1(() => peer);
});

describe("our client with a Python server that ignores Upgrade", () => {
  let reluctant: ServerPeer;

  beforeAll(async () => {
    reluctant = await startPythonServer({ upgrade: false });
  });

  afterAll(() => reluctant.stop());

  itTakesTheHttp1Answer(() => reluctant);
  itSendsBodyWithUpgrade(() => reluctant, "HTTP/1.1");
});
