import { describe, expect, it } from "vitest";
import { cutBehindUpgrades } from "../../src/node/http1-pieces.ts";
import { latin1, octetsOf } from "../support/sockets.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";

const cut = (text: string) => cutBehindUpgrades(octetsOf(text)).map(latin1);

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const UPGRADE = upgradeRequest();
const POST = `${upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 4\r\n" })}body`;

describe("octets of HTTP/1.1", () => {
  it("are cut behind each request that offers to upgrade to HTTP/2", () => {
    expect(cut(UPGRADE + GET)).toEqual([UPGRADE, GET]);
    expect(cut(GET + UPGRADE + GET + GET)).toEqual([GET + UPGRADE, GET + GET]);
    expect(cut(`${UPGRADE}${POST}GET /`)).toEqual([UPGRADE, POST, "GET /"]);
  });

  it.each([
    ["that are empty", ""],
    ["without an offer", GET + GET],
    ["with nothing behind the offer", UPGRADE],
    ["whose body has not come whole", POST.slice(0, -1)],
    ["that offer WebSocket too", upgradeRequest({ upgrade: "Upgrade: h2c, websocket\r\n" }) + GET],
    ["whose body's length is no number", upgradeRequest({ more: "Content-Length: x\r\n" }) + GET],
    ["that are no HTTP/1.1", `\0${UPGRADE}${GET}`],
    ["whose body has an unknown length", upgradeRequest({ more: "Transfer-Encoding: chunked\r\n" }) + GET],
  ])("stay in one piece %s", (_name, text) => {
    expect(cut(text)).toEqual([text]);
  });
});
