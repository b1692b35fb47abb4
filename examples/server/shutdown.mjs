// A graceful end: at SIGTERM the port closes, requests under way are answered, and the process ends with code 0.
//
//     node examples/server/shutdown.mjs [PORT]
//
//     curl -T- http://localhost:8080/ &    # takes until its input ends
//     kill PID
import { serve } from "h2wire/server";

const DEADLINE = 20_000;

const server = serve({
  port: Number(process.argv[2] ?? 0),
  async fetch(request, info) {
    const { length } = await request.bytes();
    // The client need not wait for what comes after its answer, but `close` does.
    info.waitUntil(note(`${length} octets by ${info.protocol}`));
    return new Response(`${length} octets\n`);
  },
});
await server.ready;
console.log(`listening on ${server.url}`);

process.once("SIGTERM", async () => {
  console.log("no new connections");
  // What is left after that many milliseconds is cut off: less than the platform grants between SIGTERM and SIGKILL.
  await server.close({ deadline: DEADLINE });
  // Nobody needs the database any more: this is the place to close it. With nothing left to do the process ends.
  console.log("all requests are done");
});

/** Stands for a journal, or a database. */
async function note(text) {
  await new Promise((resolve) => setImmediate(resolve));
  console.log(text);
}
