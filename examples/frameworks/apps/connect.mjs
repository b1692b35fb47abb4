// An ordinary application of connect. Nothing in it knows of HTTP/2.
import { text } from "node:stream/consumers";
import compression from "compression";
import connect from "connect";
import cookieParser from "cookie-parser";
import multer from "multer";
import sirv from "sirv";
import { bigBody, description, FOLDER, HINT, LONG_TEXT } from "./content.mjs";

export const app = connect();
const files = sirv(FOLDER);

app.use(compression());
app.use(cookieParser());
app.use("/static", files);

app.use("/json", (request, response, next) => {
  text(request)
    .then((body) => sendJson(response, { echo: JSON.parse(body) }))
    .catch(next);
});

app.use("/redirect", (_request, response) => {
  response.writeHead(302, { Location: "/target" }).end();
});

app.use("/cookies", (request, response) => {
  response.setHeader("Set-Cookie", ["a=1; Path=/", "b=2; Path=/; HttpOnly"]);
  sendJson(response, request.cookies);
});

app.use("/file", (request, response, next) => {
  request.url = "/page.html";
  files(request, response, next);
});

app.use("/text", (_request, response) => {
  response.setHeader("Content-Type", "text/plain");
  response.end(LONG_TEXT);
});

app.use("/stream", (_request, response) => {
  response.setHeader("Content-Type", "application/octet-stream");
  bigBody().pipe(response);
});

app.use("/upload", multer().single("file"));
app.use("/upload", ({ file }, response) => {
  sendJson(response, description(file.originalname, file.buffer));
});

app.use("/error", () => {
  throw new Error("a mistake");
});

app.use("/hints", (_request, response) => {
  response.writeEarlyHints(HINT);
  response.end("hinted");
});

app.use("/trailers", (_request, response) => {
  response.setHeader("Trailer", "x-lines");
  response.write("one\ntwo\n");
  response.addTrailers({ "x-lines": "2" });
  response.end();
});

app.use((request, response, next) => {
  if (request.url !== "/") next();
  else response.end(`connect over HTTP/${request.httpVersion}\n`);
});

function sendJson(response, value) {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(value));
}
