// A server in the style of fetch: routes, JSON, bodies that stream in both directions, several cookies. One handler answers
// HTTP/2 and HTTP/1.1 on the same port.
//
//     node examples/server/fetch.mjs [PORT]
//
//     curl http://localhost:8080/
//     curl http://localhost:8080/json -d '{"a":1}'
//     curl --http2-prior-knowledge -T- http://localhost:8080/echo
import { serve } from "h2wire/server";

const ROUTES = new Map([
  ["GET /", greet],
  ["POST /json", countMembers],
  ["PUT /echo", echo],
  ["GET /lines", countUp],
  ["POST /login", login],
]);

const server = serve({
  port: Number(process.argv[2] ?? 0),
  fetch(request, info) {
    const { pathname } = new URL(request.url);
    const answer = ROUTES.get(`${request.method} ${pathname}`);
    return answer?.(request, info) ?? new Response("there is nothing here\n", { status: 404 });
  },
});
await server.ready;
console.log(`listening on ${server.url}`);

function greet(_request, { protocol }) {
  return new Response(`hello over ${protocol}\n`);
}

async function countMembers(request) {
  try {
    const value = await request.json();
    return Response.json({ members: Object.keys(value).length, value });
  } catch {
    return Response.json({ error: "the body is no JSON object" }, { status: 400 });
  }
}

/** Sends each piece back as it comes. A client that does not read the answer finds its upload standing still. */
function echo(request) {
  const type = request.headers.get("content-type") ?? "application/octet-stream";
  return new Response(request.body, { headers: { "content-type": type } });
}

/** Makes each line when the client has room for it, and stops if it goes away. */
function countUp(request) {
  const most = Number(new URL(request.url).searchParams.get("to") ?? 10);
  const encoder = new TextEncoder();
  let line = 0;
  const lines = new ReadableStream({
    pull(controller) {
      if (++line > most) controller.close();
      else controller.enqueue(encoder.encode(`line ${line}\n`));
    },
  });
  return new Response(lines, { headers: { "content-type": "text/plain" } });
}

/** Each cookie is a field of its own. */
function login() {
  const headers = new Headers({ location: "/" });
  headers.append("set-cookie", `session=${crypto.randomUUID()}; Path=/; HttpOnly; SameSite=Lax`);
  headers.append("set-cookie", "theme=dark; Path=/; Max-Age=31536000");
  return new Response(null, { status: 303, headers });
}
