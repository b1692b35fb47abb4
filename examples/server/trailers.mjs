// Trailers: fields behind a body, for what nobody knows before its end. The server holds the digest behind an upload against
// what has arrived, and puts a digest behind a body that it makes on the way (Content-Digest, RFC 9530).
//
//     node examples/server/trailers.mjs [PORT]
//
//     curl -v --http2-prior-knowledge http://localhost:8080/
import { createHash } from "node:crypto";
import { serve } from "h2wire/server";

const server = serve({
  port: Number(process.argv[2] ?? 0),
  fetch: (request, info) => (request.method === "PUT" ? receive(request, info) : send(info)),
});
await server.ready;
console.log(`listening on ${server.url}`);

/** The trailers come behind the body, so that is read first. */
async function receive(request, info) {
  const hash = createHash("sha256");
  for await (const chunk of request.body ?? []) hash.update(chunk);
  const said = (await info.trailers).get("content-digest");
  if (said === null) return new Response("no digest came behind the body\n", { status: 400 });
  const isRight = said === fieldOf(hash);
  return new Response(isRight ? "as it was sent\n" : "damaged on the way\n", { status: isRight ? 200 : 400 });
}

/** The function for the trailers is called when the last piece of the body was taken. */
function send(info) {
  const hash = createHash("sha256");
  info.setTrailers(() => ({ "content-digest": fieldOf(hash) }));
  const encoder = new TextEncoder();
  let line = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (++line > 1_000) return controller.close();
      const octets = encoder.encode(`line ${line}\n`);
      hash.update(octets);
      return controller.enqueue(octets);
    },
  });
  return new Response(body, { headers: { "content-type": "text/plain", trailer: "content-digest" } });
}

function fieldOf(hash) {
  return `sha-256=:${hash.digest("base64")}:`;
}
