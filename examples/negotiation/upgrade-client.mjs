// HTTP/2 by Upgrade from HTTP/1.1, the client's side (RFC 7540 section 3.2): a request in HTTP/1.1 offers h2c, and the
// server takes the offer with 101 or answers in HTTP/1.1. RFC 9113 deprecates this way: where both ends are yours,
// use prior knowledge.
//
//     node examples/negotiation/upgrade-client.mjs http://localhost:PORT/
import net from "node:net";
import { text } from "node:stream/consumers";
import { urlToHttpOptions } from "node:url";
import { ErrorCodes, errorCodeName, H2Connection, SettingCodes } from "h2wire";
import { requestUpgrade } from "h2wire/node";

const TIMEOUT = 10_000;

try {
  const { status, protocol, body } = await request(new URL(process.argv[2]));
  process.stdout.write(`${status} ${protocol}\n${body}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function request(url) {
  const { hostname, port = 80, path } = urlToHttpOptions(url);
  const socket = net.connect({ host: hostname, port, noDelay: true });
  const connection = new H2Connection({ initialSettings: [[SettingCodes.ENABLE_PUSH, 0]] });
  // The engine's SETTINGS travel in the request too. Its preface waits: until 101 the server reads HTTP/1.1.
  const settings = connection.initiateUpgradeConnection();
  const outcome = await requestUpgrade(socket, { host: url.host, path, settings });
  socket.setTimeout(TIMEOUT, () => socket.destroy(new Error("the server did not answer in time")));
  if (outcome.protocol === "http/1.1") {
    const { response } = outcome;
    return { status: response.statusCode, protocol: "http/1.1", body: await text(response) };
  }
  // 101: preface and SETTINGS may go now. The request is stream 1, and was sent whole.
  socket.write(connection.dataToSend());
  return receiveAnswer(socket, connection, outcome.octets);
}

function receiveAnswer(socket, connection, octets) {
  return new Promise((resolve, reject) => {
    let status = "";
    const body = [];
    let isOver = false;
    const fail = (reason) => {
      isOver = true;
      reject(new Error(reason));
    };
    const react = (event) => {
      switch (event.type) {
        case "ResponseReceived":
          status = event.headers.find(({ name }) => name === ":status").value;
          break;
        case "DataReceived":
          // The octets are a view on the chunk, so what is kept is a copy. Acknowledged, they open the windows again.
          body.push(Buffer.from(event.data));
          connection.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
          break;
        case "StreamEnded":
          isOver = true;
          resolve({ status, protocol: "h2", body: Buffer.concat(body).toString() });
          break;
        case "StreamReset":
          fail(`the server reset the request: ${errorCodeName(event.errorCode)}`);
          break;
        case "ConnectionTerminated":
          // After a GOAWAY with NO_ERROR the answer still comes, unless the server did not get to the request.
          if (event.unprocessedStreamIds.length > 0) fail("the server goes away without an answer");
          else if (event.errorCode !== ErrorCodes.NO_ERROR)
            fail(`the connection failed: ${event.error?.reason ?? errorCodeName(event.errorCode)}`);
      }
    };
    const receive = (chunk) => {
      if (isOver) return;
      for (const event of connection.receiveData(chunk)) react(event);
      // One request was all. A connection ends with a GOAWAY (RFC 9113 section 6.8), unless an error has sent one.
      if (isOver && !connection.isFinished) connection.closeConnection();
      socket.write(connection.dataToSend());
      if (isOver) socket.end();
    };
    socket.on("data", receive);
    socket.on("error", reject);
    socket.on("close", () => fail("the server closed the connection before its answer was there"));
    // What came behind the 101 is HTTP/2 already, and goes first.
    receive(octets);
    socket.resume();
  });
}
