import { afterEach, describe, expect, it } from "vitest";
import { installResponse, LazyResponse } from "../../../../src/http/server.ts";
import { ask, served } from "./support.ts";

const PlatformResponse = Response;
let undo = (): void => {};

afterEach(() => undo());

describe("installResponse", () => {
  it("puts our Response in the place of the global one, under its name", () => {
    undo = installResponse();
    expect(Response).not.toBe(PlatformResponse);
    expect(Response.name).toBe("Response");
    expect(new Response("text")).toBeInstanceOf(LazyResponse);
    expect(Response.json({}).headers.get("content-type")).toBe("application/json");
  });

  it("leaves what the platform makes an instance of Response, and ours one of the platform's", async () => {
    const server = await served(() => new LazyResponse("text"));
    undo = installResponse();
    expect(await fetch(server.url)).toBeInstanceOf(Response);
    expect(new Response()).toBeInstanceOf(PlatformResponse);
    expect(new LazyResponse()).toBeInstanceOf(Response);
    expect({}).not.toBeInstanceOf(Response);
  });

  it("can be subclassed, and the server sends what comes of that", async () => {
    undo = installResponse();
    class Special extends Response {}
    const response = await ask("prior-knowledge", () => new Special("special"));
    expect(await response.text()).toBe("special");
  });

  it("can be undone", () => {
    installResponse()();
    expect(Response).toBe(PlatformResponse);
  });

  it("is not undone when somebody else has put another class there since", () => {
    const undoOurs = installResponse();
    class Another extends PlatformResponse {}
    globalThis.Response = Another;
    undo = () => {
      globalThis.Response = PlatformResponse;
    };
    undoOurs();
    expect(Response).toBe(Another);
  });
});
