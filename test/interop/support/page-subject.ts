/** Our server with a page of many resources, for a browser. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { WebSocketServer } from "ws";
import { createServer, type Server } from "../../../src/http/server.ts";
import type { Certificate } from "./certificate.ts";

export const RESOURCES = 300;

const SCRIPT = `
const images = Array.from({ length: ${RESOURCES} }, (_, index) => {
  const image = new Image();
  image.src = "/image/" + index;
  document.body.append(image);
  return image;
});
const loaded = Promise.all(images.map((image) => image.decode().then(() => image.naturalWidth)));
const echoed = new Promise((resolve, reject) => {
  const socket = new WebSocket(location.origin.replace("https", "wss") + "/socket");
  socket.onopen = () => socket.send("through the same connection");
  socket.onmessage = ({ data }) => resolve(data);
  socket.onerror = reject;
});
const withTrailers = fetch("/trailers").then((response) => response.text());
window.result = Promise.all([loaded, echoed, withTrailers]).then(([widths, echo, text]) => ({
  widths,
  echo,
  text,
  resources: performance.getEntriesByType("resource").map(({ name, initiatorType, nextHopProtocol }) => ({
    path: new URL(name).pathname,
    initiatorType,
    nextHopProtocol,
  })),
}));
`;

const PAGE = `<!doctype html><title>Page</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"><body><script>${SCRIPT}</script>`;

/** A page whose style is hinted at before, images, a response with trailers, and a WebSocket that echoes. */
export async function startPageSubject({ key, cert }: Certificate): Promise<Server> {
  const server = createServer({ tls: { key, cert } }, answer);
  new WebSocketServer({ server, path: "/socket" }).on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

function answer({ url = "" }: IncomingMessage, response: ServerResponse): void {
  if (url === "/") {
    response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" });
    response.setHeader("content-type", "text/html").end(PAGE);
  } else if (url === "/style.css") {
    response.setHeader("content-type", "text/css").end("body { margin: 0 }");
  } else if (url === "/trailers") {
    response.writeHead(200, { "content-type": "text/plain", trailer: "x-checksum" });
    response.write("with trailers");
    response.addTrailers({ "x-checksum": "seen" });
    response.end();
  } else if (url.startsWith("/image/")) {
    response.setHeader("content-type", "image/svg+xml");
    response.end(`<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"><!-- ${url} --></svg>`);
  } else response.writeHead(404).end();
}
