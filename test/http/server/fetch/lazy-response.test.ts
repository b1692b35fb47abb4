import { describe, expect, it } from "vitest";
import { LazyResponse } from "../../../../src/http/server.ts";
import { ask, field } from "./support.ts";

/** What can be seen of a response. */
async function seen(response: Response): Promise<unknown> {
  const { status, statusText, ok, redirected, type, url, bodyUsed } = response;
  const fields = [...response.headers];
  return { status, statusText, ok, redirected, type, url, bodyUsed, fields, text: await response.text() };
}

function streamOf(text: string): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });
}

describe("a lazy response", () => {
  it("is an instance of the platform's class", () => {
    expect(new LazyResponse()).toBeInstanceOf(Response);
    expect(String(new LazyResponse())).toBe("[object Response]");
  });

  it("has all that the platform's has", () => {
    const names = Object.getOwnPropertyNames(Response.prototype);
    expect(names.filter((name) => !(name in new LazyResponse()))).toEqual([]);
    expect(Object.getOwnPropertyNames(Response).filter((name) => !(name in LazyResponse))).toEqual([]);
  });

  it.each<[string, ConstructorParameters<typeof LazyResponse>]>([
    ["nothing", []],
    ["null", [null, { status: 204 }]],
    ["a text", ["text"]],
    ["a text that is empty", [""]],
    ["a text with a type of its own", ["{}", { headers: { "Content-Type": "application/json" } }]],
    ["octets", [Buffer.from("octets"), { status: 404, statusText: "Nothing" }]],
    ["a buffer", [new Uint8Array([65, 66]).buffer, { headers: [["x-a", "1"]] }]],
    ["a part of a buffer", [new DataView(new Uint8Array([65, 66, 67]).buffer, 1)]],
    ["a Blob", [new Blob(["blob"], { type: "text/css" })]],
    ["a Blob without a type", [new Blob(["blob"])]],
    ["a form in a URL", [new URLSearchParams({ a: "b c" }), { status: 201 }]],
    ["fields as Headers", ["", { headers: new Headers({ "x-a": "b" }) }]],
    ["fields in two spellings", ["", { headers: { "x-a": "1", "X-A": "2" } }]],
  ])("made of %s looks like the platform's", async (_name, [body, init]) => {
    const theirs = new Response(body as ConstructorParameters<typeof Response>[0], init as ResponseInit);
    expect(await seen(new LazyResponse(body, init))).toEqual(await seen(theirs));
  });

  it("made of a stream has that stream as its body", async () => {
    const stream = streamOf("stream");
    const response = new LazyResponse(stream);
    expect(response.body).toBe(stream);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe("stream");
    expect(response.bodyUsed).toBe(true);
  });

  it("made of a form has the platform's type with its boundary", async () => {
    const form = new FormData();
    form.set("a", "b");
    const response = new LazyResponse(form);
    expect(response.headers.get("content-type")).toMatch(/^multipart\/form-data; ?boundary=/);
    expect((await response.formData()).get("a")).toBe("b");
  });

  it("gives its body as JSON, as octets and as a Blob", async () => {
    expect(await new LazyResponse('{"a":1}').json()).toEqual({ a: 1 });
    expect(await new LazyResponse("AB").bytes()).toEqual(Uint8Array.of(65, 66));
    expect((await new LazyResponse("AB").arrayBuffer()).byteLength).toBe(2);
    expect((await new LazyResponse("AB").blob()).type).toBe("text/plain;charset=utf-8");
  });

  it("can be cloned, and both can be read", async () => {
    const response = new LazyResponse("text", { status: 201, headers: { "x-a": "b" } });
    const copy = response.clone();
    expect(copy.status).toBe(201);
    expect([await copy.text(), await response.text()]).toEqual(["text", "text"]);
  });

  it("refuses a status that is not 200 to 599, as the platform does", () => {
    for (const status of [0, 101, 199, 600, 200.5]) {
      expect(() => new LazyResponse("", { status })).toThrow(RangeError);
    }
  });

  it("refuses a body with a status that has none (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5)", () => {
    for (const status of [204, 205, 304]) expect(() => new LazyResponse("", { status })).toThrow(TypeError);
  });

  it("refuses a stream that somebody reads", () => {
    const stream = streamOf("");
    stream.getReader();
    expect(() => new LazyResponse(stream)).toThrow(TypeError);
  });

  it("does not see what becomes of its options", () => {
    const init = { status: 201, headers: { "x-a": "b" } };
    const response = new LazyResponse("", init);
    init.status = 500;
    init.headers["x-a"] = "changed";
    expect([response.status, response.headers.get("x-a")]).toEqual([201, "b"]);
  });
});

describe("LazyResponse.json", () => {
  it("looks like the platform's", async () => {
    const data = { a: [1, "ü"] };
    expect(await seen(LazyResponse.json(data))).toEqual(await seen(Response.json(data)));
    const init = { status: 422, headers: { "content-type": "application/problem+json", "x-a": "b" } };
    expect(await seen(LazyResponse.json(data, init))).toEqual(await seen(Response.json(data, init)));
  });

  it("refuses what JSON has not", () => {
    expect(() => LazyResponse.json(() => {})).toThrow(TypeError);
    expect(() => LazyResponse.json(undefined)).toThrow(TypeError);
  });
});

describe("LazyResponse.redirect", () => {
  it("looks like the platform's", async () => {
    const theirs = Response.redirect("http://example.com/a b", 307);
    expect(await seen(LazyResponse.redirect("http://example.com/a b", 307))).toEqual(await seen(theirs));
    expect(LazyResponse.redirect(new URL("http://example.com")).status).toBe(302);
  });

  it("refuses other statuses, and what is no URL", () => {
    expect(() => LazyResponse.redirect("http://example.com", 200)).toThrow(RangeError);
    expect(() => LazyResponse.redirect("/relative")).toThrow(TypeError);
  });
});

describe("a lazy response on its way out", () => {
  it("has the fields that were changed after it was made", async () => {
    const response = await ask("prior-knowledge", () => {
      const made = new LazyResponse("text", { headers: { "x-a": "1" } });
      made.headers.set("x-a", "2");
      made.headers.append("x-b", "3");
      made.headers.delete("content-type");
      return made;
    });
    expect([field(response, "x-a"), field(response, "x-b"), field(response, "content-type")]).toEqual([
      "2",
      "3",
      undefined,
    ]);
  });

  it("is sent though somebody has looked at its body, or cloned it", async () => {
    const looked = await ask("prior-knowledge", () => {
      const made = new LazyResponse("text");
      return made.body === null ? new LazyResponse() : made;
    });
    expect([await looked.text(), field(looked, "content-length")]).toEqual(["text", "4"]);
    const cloned = await ask("prior-knowledge", () => {
      const made = new LazyResponse(streamOf("stream"));
      made.clone();
      return made;
    });
    expect(await cloned.text()).toBe("stream");
  });

  it.each<[string, (made: LazyResponse) => unknown, ConstructorParameters<typeof LazyResponse>[0]]>([
    ["was read", (made) => made.text(), "text"],
    ["is being read", (made) => made.body?.getReader(), "text"],
    ["was a stream that was read", (made) => made.text(), streamOf("stream")],
    ["is a stream that is being read", (made) => made.body?.getReader(), streamOf("stream")],
  ])("is answered for with status 500 if its body %s", async (_name, use, body) => {
    const reported: unknown[] = [];
    const handler = async (): Promise<Response> => {
      const made = new LazyResponse(body);
      await use(made);
      return made;
    };
    const onError = (error: unknown): unknown => reported.push(error);
    expect((await ask("prior-knowledge", handler, {}, { onError })).status).toBe(500);
    expect(reported).toEqual([expect.any(TypeError)]);
  });

  it("may be returned again and again, unless its body is a stream", async () => {
    const made = new LazyResponse("again");
    for (let time = 0; time < 2; time++) {
      expect(await (await ask("http/1.1", () => made)).text()).toBe("again");
    }
  });
});
