import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "./support/chromium.ts";
import { startWebSocketSubject, type WebSocketSubject } from "./support/websocket-subject.ts";
import { createWorkspace, type Workspace } from "./support/workspace.ts";

let workspace: Workspace;
let browser: Browser;
let script: string;

// One start of the browser for all cases: it takes longer than everything else together.
beforeAll(async () => {
  script = await readFile(new URL("support/scripts/websockets.js", import.meta.url), "utf8");
  workspace = await createWorkspace();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await workspace.remove();
});

/** A page of a server of ours. */
async function openPage(extendedConnect: boolean): Promise<{ page: Page; subject: WebSocketSubject }> {
  const subject = await startWebSocketSubject(workspace.certificate, extendedConnect);
  const page = await browser.newPage();
  await page.goto(subject.url);
  await page.evaluate(script);
  return { page, subject };
}

describe("Chromium's WebSockets over HTTP/2 and TLS", () => {
  let page: Page;
  let subject: WebSocketSubject;
  beforeAll(async () => {
    ({ page, subject } = await openPage(true));
  });
  afterAll(() => subject.stop());

  /** Calls a function of the page's script. */
  const run = (call: string): Promise<unknown> => page.evaluate(`webSockets.${call}`);

  it("come on the connection that has brought the page (RFC 8441 section 4)", async () => {
    await run(`text("hello")`);
    const navigation = await page.evaluate(`performance.getEntriesByType("navigation")[0].nextHopProtocol`);
    expect(navigation).toBe("h2");
    expect(subject.seen.at(-1)).toMatchObject({ path: "/echo", protocol: "h2", negotiated: "alpn" });
    expect(subject.seen.at(-1)?.streamId).toBeGreaterThan(1);
    expect(subject.seen.at(-1)?.origin).toBe(subject.url);
    expect(subject.connections()).toEqual({ http2: 1, http1: 0 });
  });

  it("carry text, compressed (RFC 7692 section 7)", async () => {
    const text = "grüß dich ".repeat(10_000);
    const answer = (await run(`text(${JSON.stringify(text)})`)) as { received: string; extensions: string };
    expect(answer).toEqual({ received: text, extensions: "permessage-deflate" });
  });

  it("carry ten mebibytes unharmed (RFC 9113 section 5.2)", async () => {
    const [sent, received] = (await run("octets(10485760)")) as string[];
    expect(received).toBe(sent);
  });

  it("agree on a subprotocol (RFC 6455 section 1.9)", async () => {
    expect(await run(`protocol(["first", "second"])`)).toBe("second");
  });

  it.each([1000, 3000, 4000, 4999])(
    "close with code %i from the page (RFC 6455 section 7.1.5)",
    async (code) => {
      const expected = { code, reason: "the page's", wasClean: true };
      expect(await run(`closedByClient(${code}, "the page's")`)).toEqual(expected);
      expect(await subject.seen.at(-1)?.closed).toEqual([code, "the page's"]);
    },
  );

  it.each([1000, 1001, 1011, 4000])(
    "close with code %i from the server (RFC 6455 section 7.1.5)",
    async (code) => {
      const expected = { code, reason: "ours", wasClean: true };
      expect(await run(`closedByServer("/close?code=${code}&reason=ours")`)).toEqual(expected);
      expect(await subject.seen.at(-1)?.closed).toEqual([code, "ours"]);
    },
  );

  it("close with code 1006 where the server cuts them off (RFC 6455 section 7.1.5)", async () => {
    expect(await run(`closedByServer("/cut")`)).toEqual({ code: 1006, reason: "", wasClean: false });
  });

  it("are refused where the server answers with a status (RFC 8441 section 5)", async () => {
    expect(await run(`closedByServer("/refused")`)).toEqual({ code: 1006, reason: "", wasClean: false });
  });

  it("are ten side by side (RFC 9113 section 5)", async () => {
    expect(await run("many(10)")).toBe(true);
    expect(subject.connections()).toEqual({ http2: 1, http1: 0 });
  });

  it("are reset with CANCEL when the page goes away, which is code 1006 (RFC 8441 section 5)", async () => {
    await run("leftOpen()");
    await page.close();
    expect(await subject.seen.at(-1)?.closed).toEqual([1006, ""]);
  });
});

describe("Chromium's WebSockets where extended CONNECT is not announced", () => {
  it("come over HTTP/1.1 on a connection of their own, to the same listener (RFC 6455 section 4)", async () => {
    const { page, subject } = await openPage(false);
    const answer = await page.evaluate(`webSockets.text("hello")`);
    expect(answer).toMatchObject({ received: "hello" });
    expect(subject.seen.at(-1)).toMatchObject({ protocol: "http/1.1", negotiated: "alpn", streamId: null });
    await page.close();
    await subject.stop();
  });
});
