import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "./support/chromium.ts";
import { type Http2LogEvent, readHttp2Events } from "./support/net-log.ts";
import { RESOURCES, startPageSubject } from "./support/page-subject.ts";
import { createWorkspace, type Workspace } from "./support/workspace.ts";

interface PageResult {
  readonly widths: readonly number[];
  readonly echo: string;
  readonly text: string;
  readonly resources: readonly { path: string; initiatorType: string; nextHopProtocol: string }[];
}

let workspace: Workspace;
let result: PageResult;
let events: readonly Http2LogEvent[];
let connections: number;

// One start of the browser for all cases.
beforeAll(async () => {
  workspace = await createWorkspace();
  const server = await startPageSubject(workspace.certificate);
  const log = join(workspace.directory, "net-log.json");
  const browser = await startBrowser(`--log-net-log=${log}`, "--net-log-capture-mode=Everything");
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(`https://localhost:${server.port}/`);
  result = await page.evaluate("window.result");
  connections = server.stats().totals.http2Connections;
  await browser.close();
  await server.shutdown({ deadline: 0 });
  events = await readHttp2Events(log);
});

afterAll(() => workspace.remove());

describe("a page of 300 resources in Chromium", () => {
  it("is loaded whole", () => {
    expect(result.widths).toEqual(Array.from({ length: RESOURCES }, () => 7));
  });

  it("is loaded over one connection (RFC 9113 section 9.1)", () => {
    expect(connections).toBe(1);
    expect(new Set(result.resources.map(({ nextHopProtocol }) => nextHopProtocol))).toEqual(new Set(["h2"]));
  });

  it("has a WebSocket over that connection (RFC 8441 section 4)", () => {
    expect(result.echo).toBe("through the same connection");
  });

  it("gets hints before the page, which its network stack sees (RFC 8297 section 2)", () => {
    const heads = events.filter(({ type }) => type === "HTTP2_SESSION_RECV_HEADERS");
    const first = heads
      .slice(0, 2)
      .map(({ fields }) => fields.filter((line) => /^(:status|link):/.test(line)));
    expect(first).toEqual([[":status: 103", "link: </style.css>; rel=preload; as=style"], [":status: 200"]]);
  });

  it("gets trailers, which its network stack sees (RFC 9113 section 8.1)", () => {
    expect(result.text).toBe("with trailers");
    const heads = events.filter(({ type }) => type === "HTTP2_SESSION_RECV_HEADERS");
    expect(
      heads.filter(({ fields }) => fields.includes("x-checksum: seen")).map(({ isLast }) => isLast),
    ).toEqual([true]);
  });
});
