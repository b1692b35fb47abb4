// An ordinary application of Fastify. Nothing in it knows of HTTP/2.
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import multipart from "@fastify/multipart";
import files from "@fastify/static";
import Fastify from "fastify";
import { bigBody, description, FOLDER, HINT, LONG_TEXT } from "./content.mjs";

/** @param options - Fastify's, such as `serverFactory`. */
export function makeApp(options = {}) {
  const app = Fastify(options);
  app.register(compress);
  app.register(cookie);
  app.register(multipart, { limits: { fileSize: 64 * 1024 * 1024 } });
  app.register(files, { root: FOLDER, prefix: "/static/" });
  // Routes see the plugins that were registered before them.
  app.register(async (scope) => addRoutes(scope));
  return app;
}

function addRoutes(app) {
  app.get("/", async (request) => `Fastify over HTTP/${request.raw.httpVersion}\n`);

  app.post("/json", async (request) => ({ echo: request.body }));

  app.get("/redirect", (_request, reply) => {
    reply.redirect("/target");
  });

  app.get("/cookies", async (request, reply) => {
    reply.setCookie("a", "1", { path: "/" }).setCookie("b", "2", { path: "/", httpOnly: true });
    return request.cookies;
  });

  app.get("/file", (_request, reply) => reply.sendFile("page.html"));

  app.get("/text", async (_request, reply) => {
    reply.type("text/plain");
    return LONG_TEXT;
  });

  app.get("/stream", async (_request, reply) => {
    reply.type("application/octet-stream");
    return bigBody();
  });

  app.post("/upload", async (request) => {
    const file = await request.file();
    return description(file.filename, await file.toBuffer());
  });

  app.get("/error", async () => {
    throw new Error("a mistake");
  });

  app.get("/hints", async (_request, reply) => {
    reply.raw.writeEarlyHints(HINT);
    return "hinted";
  });

  app.get("/trailers", async (_request, reply) => {
    reply.trailer("x-lines", async (_reply, payload) => String(payload.trim().split("\n").length));
    return "one\ntwo\n";
  });
}
