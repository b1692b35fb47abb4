// An ordinary application of Hono for Node. Nothing in it knows of HTTP/2.
import { Readable } from "node:stream";
import { earlyHints } from "@hono/node-server/early-hints";
import { serveStatic } from "@hono/node-server/serve-static";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { getCookie, setCookie } from "hono/cookie";
import { bigBody, description, FOLDER, HINT, LONG_TEXT } from "./content.mjs";

export const app = new Hono();

app.use(compress());
app.use(
  "/static/*",
  serveStatic({ root: FOLDER, rewriteRequestPath: (path) => path.slice("/static".length) }),
);

app.get("/", (context) => context.text(`Hono over HTTP/${context.env.incoming.httpVersion}\n`));

app.post("/json", async (context) => context.json({ echo: await context.req.json() }));

app.get("/redirect", (context) => context.redirect("/target"));

app.get("/cookies", (context) => {
  setCookie(context, "a", "1");
  setCookie(context, "b", "2", { httpOnly: true });
  return context.json(getCookie(context));
});

app.get("/file", serveStatic({ root: FOLDER, path: "page.html" }));

app.get("/text", (context) => context.text(LONG_TEXT));

app.get("/stream", (context) => context.body(Readable.toWeb(bigBody())));

app.post("/upload", async (context) => {
  const { file } = await context.req.parseBody();
  return context.json(description(file.name, new Uint8Array(await file.arrayBuffer())));
});

app.get("/error", () => {
  throw new Error("a mistake");
});

app.get("/hints", earlyHints(HINT), (context) => context.text("hinted"));

// Fetch has no trailers for a response, so that they go by node's objects.
app.get("/trailers", ({ env: { outgoing } }) => {
  outgoing.setHeader("Trailer", "x-lines");
  outgoing.write("one\ntwo\n");
  outgoing.addTrailers({ "x-lines": "2" });
  outgoing.end();
  return RESPONSE_ALREADY_SENT;
});
