import connect from "connect";
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { stopListening } from "../../../../src/http/server/port/node-server.ts";
import { createServer } from "../../../../src/http/server.ts";
import { connectTo, echoPath, serve } from "../../../support/serving.ts";

describe("stopListening", () => {
  it("takes no new connections, and lets the others go on", async () => {
    const server = await serve(echoPath);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const { url } = server;
    stopListening(server);
    stopListening(server);
    await expect(fetch(url)).rejects.toThrow();
    expect(await (await session.request({ path: "/a" })).text()).toBe("/a");
    expect((await session.request({ path: "/b" })).status).toBe(200);
  });
});

describe("the server of node", () => {
  it("has no listener for requests but the application's, which connect mounts", async () => {
    const mounted = createServer({}, echoPath);
    expect(mounted.listeners("request")).toHaveLength(1);
    // Its types do not tell that it mounts servers.
    const server = await serve(connect().use("/blog", mounted as unknown as connect.HandleFunction));
    expect(await (await fetch(`${server.url}/blog/post`)).text()).toBe("/post");
  });

  it("is started and closed by supertest for each request", async () => {
    const server = createServer({}, echoPath);
    await supertest(server).get("/one").expect(200);
    await supertest(server).get("/two").expect(200);
    expect(server.listening).toBe(false);
  });

  it("counts requests of HTTP/1.1 that no listener for request sees", async () => {
    const server = await serve(echoPath);
    server.on("checkContinue", (_request, response) => {
      response.end(String(server.stats().http1Requests));
    });
    const session = await connectTo(server, { negotiation: "http/1.1" });
    const response = await session.request({
      method: "POST",
      headers: [["expect", "100-continue"]],
    });
    expect(await response.text()).toBe("1");
  });
});
