// Who the client is, behind a proxy that ends its connection. Only trusted addresses are believed: here the loopback, else
// those of the load balancer, and nothing wider.
//
// X-Forwarded-For, -Proto and -Host come with each request, and make `request.url` and `info.remoteAddress` the client's. The
// PROXY protocol comes once, in front of a connection; then every connection of the proxy has to begin with it.
//
//     node examples/server/behind-proxy.mjs [PORT [proxy-protocol]]
//
//     curl -H 'X-Forwarded-For: 192.0.2.7' -H 'X-Forwarded-Proto: https' http://localhost:8080/
//     curl --haproxy-protocol http://localhost:8080/
import { serve } from "h2wire/server";

const [port = "0", way = "forwarded"] = process.argv.slice(2);

const server = serve({
  port: Number(port),
  proxies: {
    trusted: ["127.0.0.0/8", "::1"],
    proxyProtocol: way === "proxy-protocol",
    forwarded: way === "forwarded",
  },
  fetch(request, info) {
    const { origin, protocol } = new URL(request.url);
    // What the client and its proxy speak is what counts for redirects and cookies.
    const cookie = `seen=1; Path=/${protocol === "https:" ? "; Secure" : ""}`;
    const text = `${info.remoteAddress} asks ${origin} over ${info.protocol}\n`;
    return new Response(text, { headers: { "set-cookie": cookie } });
  },
});
await server.ready;
console.log(`listening on ${server.url}`);
