import { describe, expect, it, vi } from "vitest";
import { ask, field, PROTOCOLS, pieces, served, sessionBy, showing, WAYS } from "./support.ts";

describe.each(WAYS)("a request by %s", (way) => {
  it("is an instance of the platform's class", async () => {
    const response = await ask(
      way,
      showing((request) => [request instanceof Request, String(request)]),
    );
    expect(JSON.parse(await response.text())).toEqual([true, "[object Request]"]);
  });

  it("has method and absolute URL", async () => {
    const session = await sessionBy(
      way,
      showing(({ method, url }) => [method, url]),
    );
    const response = await session.request({
      method: "DELETE",
      path: "/a/b?c=d",
      headers: [["host", "Example.com:8080"]],
    });
    const scheme = way === "alpn" ? "https" : "http";
    expect(JSON.parse(await response.text())).toEqual(["DELETE", `${scheme}://example.com:8080/a/b?c=d`]);
  });

  it("has its fields as Headers, Host among them, and cookies in one value (RFC 9113 section 8.2.3)", async () => {
    const look = ({ headers }: Request): unknown => [
      headers instanceof Headers,
      headers.get("Host"),
      headers.get("x-twice"),
      headers.get("cookie"),
      Array.from(headers.keys()).filter((name) => name.startsWith(":")),
    ];
    const response = await ask(way, showing(look), {
      headers: [
        ["host", "example.com"],
        ["x-twice", "one"],
        ["x-twice", "two"],
        ["cookie", "a=b"],
        ["cookie", "c=d"],
      ],
    });
    expect(JSON.parse(await response.text())).toEqual([true, "example.com", "one, two", "a=b; c=d", []]);
  });

  it("has no body where there is none", async () => {
    const look = async (request: Request): Promise<unknown> => [request.body, await request.text()];
    const response = await ask(way, showing(look));
    expect(JSON.parse(await response.text())).toEqual([null, ""]);
  });

  it("gives its body as text", async () => {
    const body = Buffer.from("Grüße");
    const response = await ask(
      way,
      showing((request) => request.text()),
      { method: "POST", body },
    );
    expect(JSON.parse(await response.text())).toBe("Grüße");
  });
});

describe("the properties of a request", () => {
  it("are those that the platform gives a request without options", async () => {
    const names = [
      "cache",
      "credentials",
      "destination",
      "duplex",
      "integrity",
      "isHistoryNavigation",
      "isReloadNavigation",
      "keepalive",
      "mode",
      "redirect",
      "referrer",
      "referrerPolicy",
      "bodyUsed",
    ] as const;
    const look = (request: object): unknown =>
      names.map((name) => [name, (request as Record<string, unknown>)[name]]);
    const response = await ask("prior-knowledge", showing(look));
    expect(JSON.parse(await response.text())).toEqual(look(new Request("http://localhost")));
  });

  it("cover whatever the platform has", async () => {
    const look = (request: Request): unknown => Object.getOwnPropertyNames(Object.getPrototypeOf(request));
    const ours = JSON.parse(await (await ask("prior-knowledge", showing(look))).text()) as string[];
    const theirs = Object.getOwnPropertyNames(Request.prototype).filter((name) => name !== "attribute");
    expect(theirs.filter((name) => !ours.includes(name))).toEqual([]);
  });

  it("are the same objects each time", async () => {
    const look = (request: Request): unknown => {
      const { headers, signal, body } = request;
      return [headers === request.headers, signal === request.signal, body === request.body];
    };
    const response = await ask("prior-knowledge", showing(look), { method: "POST", body: Buffer.from("x") });
    expect(JSON.parse(await response.text())).toEqual([true, true, true]);
  });
});

describe.each(PROTOCOLS)("the body of a request by %s", (way) => {
  const post = {
    method: "POST",
    body: Buffer.from('{"a":1}'),
    headers: [["content-type", "Text/JSON"]],
  } as const;

  it.each<[string, (request: Request) => unknown]>([
    ["json", (request) => request.json()],
    ["arrayBuffer", async (request) => JSON.parse(Buffer.from(await request.arrayBuffer()).toString())],
    ["a stream", async (request) => JSON.parse(await new Response(request.body as never).text())],
    [
      "bytes",
      async (request) => {
        const octets = await (request as unknown as { bytes(): Promise<Uint8Array> }).bytes();
        return JSON.parse(Buffer.from(octets).toString());
      },
    ],
  ])("is read by %s", async (_name, look) => {
    expect(JSON.parse(await (await ask(way, showing(look), post)).text())).toEqual({ a: 1 });
  });

  it("is read as a Blob with the type of its Content-Type", async () => {
    const look = async (request: Request): Promise<unknown> => {
      const blob = await request.blob();
      return [blob.type, blob.size];
    };
    expect(JSON.parse(await (await ask(way, showing(look), post)).text())).toEqual(["text/json", 7]);
  });

  it("is read as a form", async () => {
    const look = async (request: Request): Promise<unknown> => Array.from(await request.formData());
    const response = await ask(way, showing(look), {
      method: "POST",
      headers: [["content-type", "application/x-www-form-urlencoded"]],
      body: Buffer.from("a=1&b=2"),
    });
    expect(JSON.parse(await response.text())).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  it("is read once", async () => {
    const look = async (request: Request): Promise<unknown> => {
      const before = request.bodyUsed;
      await request.text();
      const again = await request.text().catch((error: Error) => error.name);
      return [before, request.bodyUsed, again, request.body?.locked];
    };
    expect(JSON.parse(await (await ask(way, showing(look), post)).text())).toEqual([
      false,
      true,
      "TypeError",
      true,
    ]);
  });

  it("is not read whole while somebody has the stream", async () => {
    const look = async (request: Request): Promise<unknown> => {
      const reader = request.body?.getReader();
      const refused = await request.text().catch((error: Error) => error.name);
      reader?.releaseLock();
      return [refused, await request.text(), request.body?.locked];
    };
    const response = await ask(way, showing(look), post);
    expect(JSON.parse(await response.text())).toEqual(["TypeError", '{"a":1}', true]);
  });

  it("rejects json that is none, which the handler may catch", async () => {
    const look = (request: Request): unknown => request.json().catch((error: Error) => error.name);
    const response = await ask(way, showing(look), { method: "POST", body: Buffer.from("{") });
    expect(JSON.parse(await response.text())).toBe("SyntaxError");
  });

  it("comes in pieces, of which the stream loses none", async () => {
    const look = async (request: Request): Promise<unknown> => {
      let text = "";
      for await (const piece of request.body as AsyncIterable<Uint8Array>) {
        text += Buffer.from(piece).toString();
      }
      return text;
    };
    const response = await ask(way, showing(look), { method: "POST", body: pieces("one,", "two,", "three") });
    expect(JSON.parse(await response.text())).toBe("one,two,three");
  });
});

describe("a real request in the place of a lazy one", () => {
  const post = { method: "POST", path: "/here", body: Buffer.from("body"), headers: [["x-a", "b"]] } as const;
  const shown = async (request: Request): Promise<unknown> => [
    request.method,
    new URL(request.url).pathname,
    request.headers.get("x-a"),
    await request.text(),
  ];
  /** Node up to 22 lets others look inside; later ones do not. */
  const isOpen = Object.getOwnPropertySymbols(new Request("http://localhost")).length > 0;

  it("is made by clone, and both can be read", async () => {
    const look = async (request: Request): Promise<unknown> => {
      const copy = request.clone();
      return [copy === request, await shown(copy), await shown(request), request.bodyUsed];
    };
    const answer = JSON.parse(await (await ask("prior-knowledge", showing(look), post)).text());
    const all = ["POST", "/here", "b", "body"];
    expect(answer).toEqual([false, all, all, true]);
  });

  it("is not read when its clone is, as on the platform", async () => {
    const look = async (request: Request): Promise<unknown> => {
      await request.clone().text();
      return [request.bodyUsed, await request.text(), request.bodyUsed];
    };
    const response = await ask("prior-knowledge", showing(look), post);
    expect(JSON.parse(await response.text())).toEqual([false, "body", true]);
  });

  it("cannot be made by clone once the body was read", async () => {
    const look = async (request: Request): Promise<unknown> => {
      await request.text();
      return thrownBy(() => request.clone());
    };
    const response = await ask("prior-knowledge", showing(look), post);
    expect(JSON.parse(await response.text())).toBe("TypeError");
  });

  it("is made from its URL and itself as the options, on every platform", async () => {
    const look = (request: Request): unknown => shown(new Request(request.url, request as RequestInit));
    const response = await ask("prior-knowledge", showing(look), post);
    expect(JSON.parse(await response.text())).toEqual(["POST", "/here", "b", "body"]);
  });

  it("is made by new Request, where the platform can look inside", async () => {
    const look = (request: Request): unknown =>
      isOpen ? shown(new Request(request)) : thrownBy(() => new Request(request));
    const response = await ask("prior-knowledge", showing(look), post);
    expect(JSON.parse(await response.text())).toEqual(isOpen ? ["POST", "/here", "b", "body"] : "TypeError");
  });

  it("can be new Request with other options, where the platform can look inside", async () => {
    const put = (request: Request): Request => new Request(request, { method: "PUT" });
    const look = (request: Request): unknown => (isOpen ? shown(put(request)) : thrownBy(() => put(request)));
    const response = await ask("prior-knowledge", showing(look), post);
    expect(JSON.parse(await response.text())).toEqual(isOpen ? ["PUT", "/here", "b", "body"] : "TypeError");
  });

  it("can be sent on by fetch, by its URL and itself as the options", async () => {
    const behind = await served(showing(shown));
    const server = await served((request) => {
      const { pathname } = new URL(request.url);
      return fetch(behind.url + pathname, request as RequestInit);
    });
    const response = await fetch(`${server.url}/here`, {
      method: "POST",
      body: "body",
      headers: { "x-a": "b" },
    });
    expect(await response.json()).toEqual(["POST", "/here", "b", "body"]);
  });

  it("is what fetch itself takes, where the platform can look inside", async () => {
    const behind = await served(showing(shown));
    const host = new URL(behind.url).host;
    const sendOn = (request: Request): Promise<Response> =>
      fetch(request).catch((error: Error) => Response.json(error.name));
    const headers = [...post.headers, ["host", host]] as const;
    const response = await ask("prior-knowledge", sendOn, { ...post, headers });
    expect(JSON.parse(await response.text())).toEqual(isOpen ? ["POST", "/here", "b", "body"] : "TypeError");
  });

  it("has the signal of the request", async () => {
    const aborted = vi.fn();
    const session = await sessionBy("prior-knowledge", (request) => {
      request.clone().signal.addEventListener("abort", aborted);
      return new Promise(() => {});
    });
    const { signal, abort } = abortable();
    const gone = session.request({ signal }).catch(() => {});
    await vi.waitUntil(() => session.ping().then(() => true));
    abort();
    await gone;
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce());
  });

  it("has no body if it is a GET, which the lazy one may have", async () => {
    const look = async (request: Request): Promise<unknown> => [request.clone().body, await request.text()];
    const response = await ask("prior-knowledge", showing(look), { body: Buffer.from("query") });
    expect(JSON.parse(await response.text())).toEqual([null, "query"]);
  });

  it("cannot be made for a method that the platform refuses, which the lazy one may have", async () => {
    const look = (request: Request): unknown => [request.method, thrownBy(() => request.clone())];
    const response = await ask("prior-knowledge", showing(look), { method: "TRACE" });
    expect(JSON.parse(await response.text())).toEqual(["TRACE", "TypeError"]);
  });
});

/** The name of the error that a function throws. */
function thrownBy(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    return (error as Error).name;
  }
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe("a request that no Request can be", () => {
  it("is answered with status 400 without asking the handler, if its Host is bad (RFC 9112 section 3.2)", async () => {
    const handler = vi.fn(() => new Response());
    const session = await sessionBy("http/1.1", handler);
    const response = await session.request({ headers: [["host", "a b/c"]] });
    expect(response.status).toBe(400);
    expect(field(response, "content-length")).toBe("0");
    expect(handler).not.toHaveBeenCalled();
  });

  it("is answered with status 400 over HTTP/2, if its authority is no host that a URL can have", async () => {
    const session = await sessionBy("prior-knowledge", () => new Response());
    const response = await session.request({ headers: [["host", "[::zz]"]] });
    expect(response.status).toBe(400);
  });
});
