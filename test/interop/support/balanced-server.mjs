// One of the servers behind a load balancer. PORT says where, and PROXY_PROTOCOL=1 that the balancer of this machine
// begins each connection with a header of the PROXY protocol.
import { once } from "node:events";
import { createServer, requestInfo } from "h2wire/server";

const { PORT, PROXY_PROTOCOL } = process.env;
const proxies = { trusted: ["127.0.0.0/8"], proxyProtocol: PROXY_PROTOCOL === "1" };

const server = createServer({ proxies }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/health") answerCheck(response);
  else if (pathname === "/echo") echo(request, response);
  else if (pathname === "/slow") answerLate(response, Number(searchParams.get("for")));
  else introduce(request, response);
});

let isChecked = false;

function answerCheck(response) {
  response.end();
  if (!isChecked) console.log("checked");
  isChecked = true;
}

/** What was sent goes back when all of it is there: some proxies send everything before they read. */
async function echo(request, response) {
  response.writeHead(200, { trailer: "x-octets" });
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  response.addTrailers({ "x-octets": String(body.length) });
  response.end(body);
}

/** The head comes at once, and the body after some milliseconds. */
function answerLate(response, delay) {
  response.flushHeaders();
  setTimeout(() => response.end("late"), delay);
}

function introduce(request, response) {
  const { remoteAddress, remotePort } = request.socket;
  const { protocol } = requestInfo(request);
  const headers = Object.entries(request.headers).filter(([name]) => name.startsWith("x-forwarded-"));
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({ pid: process.pid, protocol, remoteAddress, remotePort, ...Object.fromEntries(headers) }),
  );
}

process.once("SIGTERM", () => server.shutdown({ deadline: 20_000 }));

await once(server.listen(Number(PORT), "127.0.0.1"), "listening");
console.log(server.url);
