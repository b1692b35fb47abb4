// An ordinary application of Koa. Nothing in it knows of HTTP/2.
import { promisify } from "node:util";
import Router from "@koa/router";
import Koa from "koa";
import bodyParser from "koa-bodyparser";
import compress from "koa-compress";
import files from "koa-static";
import multer from "multer";
import sirv from "sirv";
import { bigBody, description, FOLDER, HINT, LONG_TEXT } from "./content.mjs";

export const app = new Koa();
const router = new Router();
const receiveFile = promisify(multer().single("file"));
const sendFile = sirv(FOLDER);

router.get("/", (context) => {
  context.body = `Koa over HTTP/${context.req.httpVersion}\n`;
});

router.post("/json", bodyParser(), (context) => {
  context.body = { echo: context.request.body };
});

router.get("/redirect", (context) => {
  context.redirect("/target");
});

router.get("/cookies", (context) => {
  context.cookies.set("a", "1");
  context.cookies.set("b", "2", { httpOnly: true });
  context.body = { a: context.cookies.get("a"), b: context.cookies.get("b") };
});

// Middleware of connect answers by itself.
router.get("/file", (context) => {
  context.respond = false;
  context.req.url = "/page.html";
  sendFile(context.req, context.res);
});

router.get("/text", (context) => {
  context.body = LONG_TEXT;
});

router.get("/stream", (context) => {
  context.body = bigBody();
});

router.post("/upload", async (context) => {
  await receiveFile(context.req, context.res);
  const { originalname, buffer } = context.req.file;
  context.body = description(originalname, buffer);
});

router.get("/error", () => {
  throw new Error("a mistake");
});

router.get("/hints", (context) => {
  context.res.writeEarlyHints(HINT);
  context.body = "hinted";
});

router.get("/trailers", (context) => {
  context.respond = false;
  context.res.setHeader("Trailer", "x-lines");
  context.res.write("one\ntwo\n");
  context.res.addTrailers({ "x-lines": "2" });
  context.res.end();
});

app.use(compress());
app.use(router.routes());
app.use((context, next) => {
  if (!context.path.startsWith("/static/")) return next();
  context.path = context.path.slice("/static".length);
  return files(FOLDER)(context, next);
});
