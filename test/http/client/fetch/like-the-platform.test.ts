import http, { type IncomingMessage, type ServerResponse } from "node:http";
import zlib from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { createFetch } from "../../../../src/http/client/fetch/fetch.ts";
import { listen } from "../../../support/sockets.ts";
import { http1Send } from "./http1-send.ts";

/** What is fetched, made anew for each of both. */
type Call = (url: string, other: string) => [input: string | URL | Request, init?: RequestInit];

/** What a caller can see of a call. */
async function outcome(fetch: typeof globalThis.fetch, call: Call): Promise<object> {
  try {
    const response = await fetch(...call(origins[0], origins[1]));
    const { status, statusText, ok, url, redirected, type } = response;
    const headers = [...response.headers].filter(([name]) => !UNCOMPARED.has(name));
    const seen = { status, statusText, ok, url, redirected, type, headers, hasBody: response.body !== null };
    return { ...seen, cookies: response.headers.getSetCookie(), ...(await textOf(response)) };
  } catch (error) {
    return { rejectedWith: described(error) };
  }
}

async function textOf(response: Response): Promise<object> {
  try {
    return {
      text: (await response.text()).replaceAll(/-{4,}[\w-]+/g, "BOUNDARY"),
      isUsed: response.bodyUsed,
    };
  } catch (error) {
    return { failsWith: described(error) };
  }
}

function described(error: unknown): object {
  const { name, message } = error as Error;
  return message === "fetch failed" || message === "terminated" ? { name, message } : { name };
}

const UNCOMPARED = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);
/** What every client says in its own way. */
const OWN = new Set([
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "sec-fetch-mode",
  "transfer-encoding",
  "user-agent",
]);

let origins: [string, string] = ["", ""];

beforeEach(async () => {
  const ports = await Promise.all([listen(http.createServer(answer)), listen(http.createServer(answer))]);
  origins = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string];
});

/** The path says what is answered. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const [, kind, argument = ""] = url.pathname.split("/");
  if (kind === "echo") void echo(request, response);
  else if (kind === "status") redirect(url, Number(argument), response);
  else if (kind === "coded") coded(argument, response);
  else if (kind === "cut") cut(response);
  else response.end("nothing here");
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString("latin1");
  const fields = Object.entries(request.headers).filter(([name]) => !OWN.has(name));
  // The length of a form depends on its boundary.
  const length = request.headers["content-length"] === String(body.length) ? "right" : "wrong or none";
  response.setHeader("set-cookie", ["a=1", "b=2; path=/"]);
  response.setHeader("x-twice", ["1", "2"]);
  const boundary = request.headers["content-type"]?.split("boundary=")[1] ?? "no boundary";
  const text = JSON.stringify([request.method, request.url, fields.sort(), length, body], null, 1);
  response.end(text.replaceAll(boundary, "BOUNDARY"));
}

function redirect(url: URL, status: number, response: ServerResponse): void {
  const location = url.searchParams.get("to");
  const headers = location === null ? {} : { location: Buffer.from(location).toString("latin1") };
  response.writeHead(status, http.STATUS_CODES[status] ?? "", headers);
  response.end(status === 204 || status === 304 ? undefined : "moved");
}

const PLAIN = Buffer.from("what is said, and said again, and again ".repeat(2000));

const CODED: Record<string, [coding: string, octets: Buffer]> = {
  gzip: ["gzip", zlib.gzipSync(PLAIN)],
  "x-gzip": ["X-Gzip", zlib.gzipSync(PLAIN)],
  deflate: ["deflate", zlib.deflateSync(PLAIN)],
  raw: ["deflate", zlib.deflateRawSync(PLAIN)],
  br: ["br", zlib.brotliCompressSync(PLAIN)],
  several: ["gzip, br , deflate", zlib.deflateSync(zlib.brotliCompressSync(zlib.gzipSync(PLAIN)))],
  unknown: ["fancy", PLAIN],
  mixed: ["fancy, gzip", zlib.gzipSync(PLAIN)],
  identity: ["identity", PLAIN],
  toomany: ["gzip, gzip, gzip, gzip, gzip, gzip", PLAIN],
  empty: ["gzip", Buffer.alloc(0)],
  emptybr: ["br", Buffer.alloc(0)],
  truncated: ["gzip", zlib.gzipSync(PLAIN).subarray(0, -12)],
  truncatedbr: ["br", zlib.brotliCompressSync(PLAIN).subarray(0, -3)],
  truncateddeflate: ["deflate", zlib.deflateSync(PLAIN).subarray(0, -2)],
  members: ["gzip", Buffer.concat([zlib.gzipSync(PLAIN), zlib.gzipSync("and more")])],
  padded: ["gzip", Buffer.concat([zlib.gzipSync(PLAIN), Buffer.alloc(20)])],
  garbage: ["gzip", Buffer.from("this is not coded at all")],
  garbagebr: ["br", Buffer.from("this is not coded at all")],
};

function coded(name: string, response: ServerResponse): void {
  const [coding, octets] = CODED[name] as [string, Buffer];
  response.writeHead(200, { "content-encoding": coding, "content-length": octets.length });
  response.end(octets);
}

function cut(response: ServerResponse): void {
  response.writeHead(200, { "content-length": 100 });
  response.write("the beginning", () => response.destroy());
}

function formData(): FormData {
  const form = new FormData();
  form.append('a "name"', "a value\nof two lines");
  form.append("file", new File(["of a file"], 'name "quoted".txt', { type: "text/x-plain" }));
  form.append("blob", new Blob(["typeless"]));
  return form;
}

function stream(): ReadableStream {
  return new Blob(["from a stream"]).stream() as ReadableStream;
}

async function* iterable(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("from ");
  yield Buffer.from("an iterable");
}

const post = (body: RequestInit["body"]): RequestInit => ({ method: "POST", body: body as string });
const streamed = (body: unknown): RequestInit => ({ method: "POST", body: body as string, duplex: "half" });

const CALLS: Record<string, Call> = {
  "a URL": (url) => [new URL(`${url}/echo?a=b#part`)],
  "a path with what must be escaped": (url) => [`${url}/echo/ü ?ö`],
  "a status without a phrase": (url) => [`${url}/status/299`],
  "a response of 404": (url) => [`${url}/status/404`],
  "a response of 500": (url) => [`${url}/status/500`],
  "a response of 204": (url) => [`${url}/status/204`],
  "a response of 205": (url) => [`${url}/status/205`],
  "a response of 304": (url) => [`${url}/status/304`],
  "a response of 999": (url) => [`${url}/status/999`],
  "a body that is cut off": (url) => [`${url}/cut`],
  // Methods
  "a method in lower case": (url) => [`${url}/echo`, { method: "delete" }],
  PATCH: (url) => [`${url}/echo`, { ...post("a patch"), method: "PATCH" }],
  "a method of one's own": (url) => [`${url}/echo`, { ...post("x"), method: "PROPFIND" }],
  HEAD: (url) => [`${url}/echo`, { method: "HEAD" }],
  "HEAD with a coding": (url) => [`${url}/coded/gzip`, { method: "HEAD" }],
  OPTIONS: (url) => [`${url}/echo`, { method: "OPTIONS" }],
  CONNECT: (url) => [`${url}/echo`, { method: "CONNECT" }],
  "what is no method": (url) => [`${url}/echo`, { method: "A B" }],
  // Fields
  "fields of one's own": (url) => [`${url}/echo`, { headers: { Accept: "text/x", "X-Any": " thing " } }],
  "fields in pairs": (url) => [
    `${url}/echo`,
    {
      headers: [
        ["x-a", "1"],
        ["x-a", "2"],
        ["cookie", "c=1"],
      ],
    },
  ],
  "what is no field name": (url) => [`${url}/echo`, { headers: { "a b": "c" } }],
  "what is no field value": (url) => [`${url}/echo`, { headers: { a: "b\nc" } }],
  // Bodies
  "a text": (url) => [`${url}/echo`, post("a text of ünicode")],
  "an empty text": (url) => [`${url}/echo`, post("")],
  "no body with POST": (url) => [`${url}/echo`, post(null)],
  "no body with PUT": (url) => [`${url}/echo`, { method: "PUT" }],
  octets: (url) => [`${url}/echo`, post(Buffer.from("some octets"))],
  "a view": (url) => [`${url}/echo`, post(new DataView(new ArrayBuffer(8), 2, 4))],
  "an ArrayBuffer": (url) => [`${url}/echo`, post(new ArrayBuffer(3))],
  "a Blob": (url) => [`${url}/echo`, post(new Blob(["a blob"], { type: "Text/X" }) as never)],
  "a Blob without a type": (url) => [`${url}/echo`, post(new Blob(["a blob"]) as never)],
  "a form in the URL's way": (url) => [`${url}/echo`, post(new URLSearchParams({ a: "1 2", b: "ü" }))],
  "a form": (url) => [`${url}/echo`, post(formData())],
  "a number as the body": (url) => [`${url}/echo`, post(17 as never)],
  "a type that the caller names": (url) => [
    `${url}/echo`,
    { ...post("{}"), headers: { "content-type": "x/y" } },
  ],
  "a body with GET": (url) => [`${url}/echo`, { body: "not here" }],
  "a stream": (url) => [`${url}/echo`, streamed(stream())],
  "an iterable": (url) => [`${url}/echo`, streamed(iterable())],
  "a stream without duplex": (url) => [`${url}/echo`, post(stream() as never)],
  "a stream that is locked": (url) => {
    const locked = stream();
    locked.getReader();
    return [`${url}/echo`, streamed(locked)];
  },
  "a stream that fails": (url) => {
    const pull = (): never => {
      throw new RangeError("of the caller");
    };
    return [`${url}/echo`, streamed(new ReadableStream({ pull }))];
  },
  // Requests
  "a Request": (url) => [new Request(`${url}/echo`, { ...post("of a request"), headers: { "x-a": "b" } })],
  "a Request and what differs": (url) => [
    new Request(`${url}/echo`, { ...post("of a request"), headers: { "x-a": "b" } }),
    { method: "PUT", headers: { "x-c": "d" } },
  ],
  "a Request and another body": (url) => [new Request(`${url}/echo`, post("one")), { body: "the other" }],
  "a Request in the place of init": (url) => [`${url}/echo`, new Request(url, streamed(stream())) as never],
  "a Request that was used": (url) => {
    const request = new Request(`${url}/echo`, post("used"));
    void request.text();
    return [request];
  },
  "a Request with a body made a GET": (url) => [new Request(`${url}/echo`, post("x")), { method: "GET" }],
  "a Request that is not to be redirected": (url) => [
    new Request(`${url}/status/302?to=/echo`, { redirect: "error" }),
  ],
  // URLs
  "what is no URL": () => ["nowhere"],
  "a user name in the URL": (url) => [url.replace("//", "//user@")],
  "nobody who listens": () => ["http://127.0.0.1:9/"],
  // Signals
  "a signal that was aborted": (url) => [`${url}/echo`, { signal: AbortSignal.abort() }],
  "a signal that was aborted with an error": (url) => [
    `${url}/echo`,
    { signal: AbortSignal.abort(new RangeError("enough")) },
  ],
  "what is no signal": (url) => [`${url}/echo`, { signal: {} as AbortSignal }],
  "what is no mode of redirection": (url) => [`${url}/echo`, { redirect: "sometimes" as "follow" }],
};

for (const name of Object.keys(CODED)) CALLS[`the coding ${name}`] = (url) => [`${url}/coded/${name}`];

const REDIRECTS: Record<string, Call> = {
  "without a Location": (url) => [`${url}/status/302`],
  "with an empty Location": (url) => [`${url}/status/302?to=`],
  "to a relative URL": (url) => [`${url}/status/302/x?to=../../echo/y`],
  "to a URL in UTF-8": (url) => [`${url}/status/302?to=/echo/ü`],
  "to another origin": (url, other) => [
    `${url}/status/307?to=${other}/echo`,
    {
      ...post("kept"),
      headers: { authorization: "a", cookie: "b=c", "proxy-authorization": "d", "x-a": "e" },
    },
  ],
  "to the same origin": (url) => [
    `${url}/status/302?to=/echo`,
    { headers: { authorization: "a", cookie: "b=c", "x-a": "e" } },
  ],
  "to another origin and back": (url, other) => [
    `${url}/status/302?to=${other}/status/302?to=${url}/echo`,
    { headers: { authorization: "a" } },
  ],
  "with a fragment that is inherited": (url) => [`${url}/status/302?to=/echo#part`],
  "with a fragment of its own": (url) => [`${url}/status/302?to=${encodeURIComponent("/echo#other")}#part`],
  "to what is no URL": (url) => [`${url}/status/302?to=${encodeURIComponent("http://[")}`],
  "to another scheme": (url) => [`${url}/status/302?to=${encodeURIComponent("data:,x")}`],
  "to a URL with a password": (url) => [
    `${url}/status/302?to=${encodeURIComponent("http://a:b@localhost/")}`,
  ],
  "that is not to be followed": (url) => [`${url}/status/302?to=/echo`, { redirect: "manual" }],
  "that is an error": (url) => [`${url}/status/302?to=/echo`, { redirect: "error" }],
  "for ever": (url) => [`${url}/status/302?to=`],
  "with 300": (url) => [`${url}/status/300?to=/echo`],
  "of a Blob": (url) => [`${url}/status/307?to=/echo`, post(new Blob(["twice"]) as never)],
  "of a Request with a text": (url) => [new Request(`${url}/status/307?to=/echo`, post("twice"))],
};
for (const status of [301, 302, 303, 307, 308]) {
  for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE"]) {
    const body = method === "GET" || method === "HEAD" ? null : "a body";
    const headers = { "content-type": "a/b", "content-language": "en", "x-a": "b" };
    REDIRECTS[`${status} of ${method}`] = (url) => [
      `${url}/status/${status}?to=/echo`,
      { method, body, headers },
    ];
  }
  REDIRECTS[`${status} of a stream`] = (url) => [`${url}/status/${status}?to=/echo`, streamed(stream())];
}

describe("our fetch and the platform's agree on", () => {
  const ours: typeof globalThis.fetch = createFetch(http1Send);

  it.each(Object.keys(CALLS))("%s", async (name) => {
    const call = CALLS[name] as Call;
    expect(await outcome(ours, call)).toEqual(await outcome(fetch, call));
  });

  it.each(Object.keys(REDIRECTS))("a redirection %s", async (name) => {
    const call = REDIRECTS[name] as Call;
    expect(await outcome(ours, call)).toEqual(await outcome(fetch, call));
  });
});
