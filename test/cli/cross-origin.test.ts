import { describe, expect, it } from "vitest";
import { allowOriginsFetch } from "../../src/cli/cross-origin.ts";
import type { FetchInfo } from "../../src/http/server.ts";

const info = {} as FetchInfo;
const ORIGIN = "https://example.org";

describe("allowOriginsFetch", () => {
  it("lets pages of every origin read a response", async () => {
    const handler = allowOriginsFetch(
      () => new Response("a", { headers: { "access-control-allow-origin": "no" } }),
    );
    const response = await handler(new Request("http://localhost/"), info);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.text()).toBe("a");
  });

  it("copies a response whose fields must not change", async () => {
    const handler = allowOriginsFetch(() => Response.redirect("http://localhost/there", 307));
    const response = await handler(new Request("http://localhost/"), info);
    expect([response.status, response.headers.get("location")]).toEqual([307, "http://localhost/there"]);
    expect(response.headers.get("access-control-expose-headers")).toBe("*");
  });

  it("answers the question of a browser, and leaves every other OPTIONS alone", async () => {
    const handler = allowOriginsFetch(() => new Response("mine"));
    const asked = { origin: ORIGIN, "access-control-request-method": "PUT" };
    const options = { method: "OPTIONS", headers: asked };
    const granted = await handler(new Request("http://localhost/", options), info);
    expect([granted.status, granted.headers.get("access-control-allow-methods")]).toEqual([204, "PUT"]);
    const other = await handler(new Request("http://localhost/", { method: "OPTIONS" }), info);
    expect(await other.text()).toBe("mine");
  });
});
