import { describe, expect, it } from "vitest";
import { handlerOf } from "../../../../src/http/server/fetch/fetch-handler.ts";
import type { FetchHandler, FetchInfo } from "../../../../src/http/server.ts";

const request = new Request("http://localhost");
const info = {} as FetchInfo;
const respond: FetchHandler = () => new Response("text");

describe("an application", () => {
  it.each<[string, unknown]>([
    ["a function", respond],
    ["an object with fetch", { fetch: respond }],
    ["a function with fetch", Object.assign(() => {}, { fetch: respond })],
    ["a module whose default is a function", { default: respond }],
    ["a module whose default has fetch", { default: { fetch: respond } }],
    ["a module with fetch of its own", { fetch: respond, default: 1 }],
  ])("is %s", async (_name, application) => {
    expect(await (await handlerOf(application)(request, info)).text()).toBe("text");
  });

  it("may have fetch as a method, which may be replaced", async () => {
    const application = {
      answer: "one",
      fetch(): Response {
        return new Response(this.answer);
      },
    };
    const handler = handlerOf(application);
    expect(await (await handler(request, info)).text()).toBe("one");
    application.fetch = () => new Response("two");
    expect(await (await handler(request, info)).text()).toBe("two");
  });

  it.each([undefined, null, 1, "text", {}, { fetch: 1 }, { default: {} }])("is not %j", (application) => {
    expect(() => handlerOf(application)).toThrow(TypeError);
  });
});
