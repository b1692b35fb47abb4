// Early hints (RFC 8297): the browser fetches the style sheet while the page is still being made.
//
//     node examples/server/early-hints.mjs [PORT]
//
//     curl -v --http2-prior-knowledge http://localhost:8080/
import { setTimeout as delay } from "node:timers/promises";
import { serve } from "h2wire/server";

const PAGE = `<!doctype html>
<title>Early hints</title>
<link rel="stylesheet" href="/style.css">
<p>The style sheet was on its way before this page was.
`;

const server = serve({
  port: Number(process.argv[2] ?? 0),
  async fetch(request, info) {
    const { pathname } = new URL(request.url);
    if (pathname === "/style.css") return reply("p { font-family: sans-serif }\n", "text/css");
    if (pathname !== "/") return new Response("there is nothing here\n", { status: 404 });
    // Some old clients of HTTP/1.1 take the first head for the answer, whatever its status, and browsers ignore it there.
    if (info.protocol === "h2") info.earlyHints({ link: "</style.css>; rel=preload; as=style" });
    return reply(await makePage(), "text/html; charset=utf-8");
  },
});
await server.ready;
console.log(`listening on ${server.url}`);

function reply(text, type) {
  return new Response(text, { headers: { "content-type": type } });
}

/** Where the time goes: databases, other servers. */
function makePage() {
  return delay(50, PAGE);
}
