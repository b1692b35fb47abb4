// A server with several processes at one port. The program is run once as the main process, which serves nothing itself,
// and once in each worker.
//
//     node examples/workers/server.mjs [PORT]
//
//     kill -HUP PID    replaces one worker after the other, without losing a request
//     kill PID         lets the requests under way finish, and ends
import { runWorkers, serve } from "h2wire/server";

await runWorkers({
  workers: 2,
  start: () =>
    serve({
      port: Number(process.argv[2] ?? 0),
      fetch: (_request, { protocol }) => new Response(`process ${process.pid} by ${protocol}\n`),
    }),
  observe: (event) => {
    if (event.type === "ready")
      console.log(`process ${process.pid} has ${event.workers} workers, listening on ${event.url}`);
    else console.log(event.type);
  },
});
