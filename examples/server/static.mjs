// A folder: ranges, conditional requests, and what caches may keep. `express.static` is the package `serve-static`, and like
// all middleware for `node:http` it takes requests of HTTP/2 as they are. Without a program, `h2wire serve FOLDER` does it.
//
//     node examples/server/static.mjs [PORT [FOLDER]]
//
//     curl -r 0-99 http://localhost:8080/page.html
import { fileURLToPath } from "node:url";
import express from "express";
import { createServer } from "h2wire/server";

const OURS = fileURLToPath(new URL("../frameworks/public", import.meta.url));
const [port = "0", folder = OURS] = process.argv.slice(2);

const sendFile = express.static(folder, {
  // Files whose names have a hash in them never change; pages are asked after each time, and mostly cost a 304.
  setHeaders(response, path) {
    const isHashed = /\.[0-9a-f]{8,}\.\w+$/.test(path);
    response.setHeader("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    response.setHeader("x-content-type-options", "nosniff");
  },
});

const server = createServer((request, response) => {
  sendFile(request, response, (error) => {
    response.writeHead(error?.status ?? 404, { "content-type": "text/plain" }).end("there is no such file\n");
  });
});
server.listen(Number(port), "localhost", () => console.log(`listening on ${server.url}`));
