import { describe, expect, it } from "vitest";
import { connectTo } from "../../support/serving.ts";
import { ask, running, WAYS } from "./support.ts";

const server = running("examples/server/fetch.mjs");

describe.each(WAYS)("server/fetch.mjs, by %s", (way) => {
  it("answers a route by its method and path, and others with 404", async () => {
    const { text, protocol } = await ask(server, way);
    expect(text).toBe(`hello over ${protocol}\n`);
    expect((await ask(server, way, { path: "/other" })).status).toBe(404);
    expect((await ask(server, way, { method: "DELETE" })).status).toBe(404);
  });

  it("answers JSON with JSON, and says so where it is none", async () => {
    const post = { method: "POST", path: "/json" };
    const { status, text, fields } = await ask(server, way, { ...post, body: Buffer.from('{"a":1}') });
    expect([status, JSON.parse(text)]).toEqual([200, { members: 1, value: { a: 1 } }]);
    expect(fields("content-type")).toEqual(["application/json"]);
    expect((await ask(server, way, { ...post, body: Buffer.from("{") })).status).toBe(400);
  });

  it("echoes each piece of an upload before the next one is there", async () => {
    const session = await connectTo(server, { negotiation: way });
    let sendNext = (): void => {};
    const pieces = ["one", "two", "three"];
    const body = (async function* () {
      for (const piece of pieces) {
        const isRead = new Promise<void>((resolve) => {
          sendNext = resolve;
        });
        yield Buffer.from(piece);
        await isRead;
      }
    })();
    const response = await session.request({ method: "PUT", path: "/echo", body });
    const echoed: string[] = [];
    for await (const piece of response.body) {
      echoed.push(Buffer.from(piece).toString());
      sendNext();
    }
    expect(echoed).toEqual(pieces);
  });

  it("streams what it makes on the way", async () => {
    const { text } = await ask(server, way, { path: "/lines?to=5000" });
    expect(text.split("\n")).toHaveLength(5_001);
    expect(text).toMatch(/^line 1\nline 2\n.*\nline 5000\n$/s);
  });

  it("keeps several cookies in fields of their own (RFC 6265 section 3)", async () => {
    const { status, fields } = await ask(server, way, { method: "POST", path: "/login" });
    expect([status, fields("location")]).toEqual([303, ["/"]]);
    expect(fields("set-cookie")).toEqual([
      expect.stringMatching(/^session=[\w-]{36}; .*HttpOnly/),
      expect.stringMatching(/^theme=dark; /),
    ]);
  });
});
