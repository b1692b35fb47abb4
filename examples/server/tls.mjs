// TLS: the client chooses HTTP/2 or HTTP/1.1 by ALPN, and gets the certificate of the name that it asks for (SNI).
//
// The certificates are made for the occasion. For a name alone, `tls: "self-signed"` does the same; a program that is meant
// to last reads them from files.
//
//     node examples/server/tls.mjs [PORT]
//
//     curl -k --resolve shop.test:8443:127.0.0.1 -v https://shop.test:8443/
import tls from "node:tls";
import { createServer, requestInfo } from "h2wire/server";
import { generate } from "selfsigned";

const own = await certificateFor("localhost");
const contexts = new Map();
for (const name of ["shop.test", "news.test"]) {
  contexts.set(name, tls.createSecureContext(await certificateFor(name)));
}

const options = {
  // For clients that name no host, or another one.
  ...own,
  minVersion: "TLSv1.2",
  SNICallback: (name, done) => done(null, contexts.get(name)),
};

const server = createServer({ tls: options }, (request, response) => {
  const { protocol, negotiated, tls } = requestInfo(request);
  const name = request.socket.servername || "nobody";
  response.setHeader("content-type", "text/plain");
  response.end(`${name} over ${protocol} by ${negotiated}, ${tls.version}\n`);
});

server.listen(Number(process.argv[2] ?? 0), "localhost", () => console.log(`listening on ${server.url}`));

/** Key and certificate in PEM, which nobody has signed. */
async function certificateFor(name) {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: name }] }],
  });
  return { key: made.private, cert: made.cert };
}
