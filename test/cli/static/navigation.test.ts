import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { isNavigation } from "../../../src/cli/static/navigation.ts";

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

function request(url: string, headers: Record<string, string>): IncomingMessage {
  return { url, headers } as unknown as IncomingMessage;
}

describe("isNavigation", () => {
  it.each(["/", "/users/5", "/users/5?file=a.js", "/old/page.html", "/v1.2/start"])(
    "takes a browser's request for %s for a page",
    (url) => {
      expect(isNavigation(request(url, { accept: BROWSER, "sec-fetch-mode": "navigate" }))).toBe(true);
      expect(isNavigation(request(url, { accept: BROWSER }))).toBe(true);
    },
  );

  it.each(["/app.js", "/pictures/a.PNG?x"])("takes %s for a file", (url) => {
    expect(isNavigation(request(url, { accept: BROWSER }))).toBe(false);
  });

  it.each([
    {},
    { accept: "*/*" },
    { accept: "application/json" },
    { accept: "text/html;q=0, */*" },
    { accept: "text/html-fragment" },
    { accept: BROWSER, "sec-fetch-mode": "no-cors" },
  ])("does not take a request with %j for one for a page", (headers) => {
    expect(isNavigation(request("/users/5", headers as Record<string, string>))).toBe(false);
  });
});
