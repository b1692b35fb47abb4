// Priorities (RFC 9218): which response goes first on a connection of HTTP/2. The client asks by its `priority` field, and may
// change its mind by PRIORITY_UPDATE; the handler has the last word. Small answers pass big ones that began before them.
//
//     node examples/server/priorities.mjs [PORT]
//
//     curl --http2-prior-knowledge -H 'priority: u=1' http://localhost:8080/style
import { serve } from "h2wire/server";

const MEBI = 1_048_576;

const server = serve({
  port: Number(process.argv[2] ?? 0),
  fetch(request, info) {
    const { pathname } = new URL(request.url);
    const asked = info.priority;
    if (pathname === "/export") {
      // Nobody looks at it before it is complete: whatever else there is goes first, and two exports share what is left.
      info.setPriority({ urgency: 7, incremental: true });
      return respond(asked, info, new Uint8Array(16 * MEBI));
    }
    if (pathname === "/checkout") {
      // This has somebody waiting, though the client is a program that knows nothing of priorities.
      info.setPriority({ urgency: 0 });
      return respond(asked, info, "thank you\n");
    }
    // Everything else goes as the client has asked: browsers ask for style sheets before images.
    if (pathname === "/image") return respond(asked, info, new Uint8Array(MEBI));
    return respond(asked, info, "p { color: green }\n");
  },
});
await server.ready;
console.log(`listening on ${server.url}`);

function respond(asked, info, body) {
  const headers = { "x-priority-asked": words(asked), "x-priority-given": words(info.priority) };
  return new Response(body, { headers });
}

/** Urgency is 0 (first) to 7 (last). Of one urgency, incremental responses take turns, the others go one by one. */
function words({ urgency, incremental }) {
  return `urgency ${urgency}, ${incremental ? "in turns" : "in one go"}`;
}
