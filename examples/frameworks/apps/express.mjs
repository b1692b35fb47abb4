// An ordinary application of Express. Nothing in it knows of HTTP/2.
import compression from "compression";
import cookieParser from "cookie-parser";
import express from "express";
import multer from "multer";
import { bigBody, description, FOLDER, HINT, LONG_TEXT } from "./content.mjs";

export const app = express();

app.use(compression());
app.use(cookieParser());
app.use("/static", express.static(FOLDER));

app.get("/", (request, response) => {
  response.send(`Express over HTTP/${request.httpVersion}\n`);
});

app.post("/json", express.json(), (request, response) => {
  response.json({ echo: request.body });
});

app.get("/redirect", (_request, response) => {
  response.redirect("/target");
});

app.get("/cookies", (request, response) => {
  response.cookie("a", "1").cookie("b", "2", { httpOnly: true }).json(request.cookies);
});

app.get("/file", (_request, response) => {
  response.sendFile("page.html", { root: FOLDER });
});

app.get("/text", (_request, response) => {
  response.type("text").send(LONG_TEXT);
});

app.get("/stream", (_request, response) => {
  bigBody().pipe(response.type("bin"));
});

app.post("/upload", multer().single("file"), ({ file }, response) => {
  response.json(description(file.originalname, file.buffer));
});

app.get("/error", () => {
  throw new Error("a mistake");
});

app.get("/hints", (_request, response) => {
  response.writeEarlyHints(HINT);
  response.send("hinted");
});

app.get("/trailers", (_request, response) => {
  response.set("trailer", "x-lines");
  response.write("one\ntwo\n");
  response.addTrailers({ "x-lines": "2" });
  response.end();
});
