// What reading and writing frames costs, in nanoseconds of processor time a frame: node bench/micro/frames.mjs (after npm run build).
import { ChunkWriter } from "../../dist/bytes/chunk-writer.js";
import {
  beginHeaders,
  DEFAULT_MAX_FRAME_SIZE,
  endFieldBlock,
  FrameReader,
  FrameType,
  writeData,
  writePing,
  writePriority,
  writeRstStream,
  writeSettings,
  writeWindowUpdate,
} from "../../dist/frames/index.js";

const ROUNDS = 9;
const FRAMES = 1_000_000;
const FRAMES_IN_CHUNK = 500;

const body = new TextEncoder().encode("Hello, world!");
const block = Uint8Array.from({ length: 20 }, (_, index) => 0x80 | (index + 1));
const writer = new ChunkWriter();

const headers = (streamId) => {
  beginHeaders(writer, streamId, true, null);
  writer.write(block);
  endFieldBlock(writer, DEFAULT_MAX_FRAME_SIZE);
};
const data = (streamId) => writeData(writer, streamId, body, true, -1);
const windowUpdate = (streamId) => writeWindowUpdate(writer, streamId, 1000);
const rstStream = (streamId) => writeRstStream(writer, streamId, 8);
const settings = () =>
  writeSettings(writer, [
    [3, 100],
    [4, 65535],
  ]);
const ping = () => writePing(writer, block.subarray(0, 8), false);
const priority = (streamId) =>
  writePriority(writer, streamId, { dependsOn: 0, weight: 16, exclusive: false });

measureReading("HEADERS, block of 20 octets", [headers]);
measureReading("DATA of 13 octets", [data]);
measureReading("RST_STREAM", [rstStream]);
measureReading("WINDOW_UPDATE", [windowUpdate]);
measureReading("all of these in turn", [headers, data, rstStream, windowUpdate]);
measureReading("seven types in turn", [headers, data, rstStream, windowUpdate, settings, ping, priority]);
measureReading("HEADERS again, after the mixture", [headers]);
measureWriting("DATA of 13 octets", data);
measureWriting("HEADERS, block of 20 octets", headers);
measureWriting("WINDOW_UPDATE", windowUpdate);
measureWriting("RST_STREAM", rstStream);

function measureReading(name, makers) {
  const chunk = session(makers);
  const reader = new FrameReader(DEFAULT_MAX_FRAME_SIZE, false);
  report(`read ${name}`, () => {
    let seen = 0;
    for (let read = 0; read < FRAMES; read += FRAMES_IN_CHUNK) {
      reader.push(chunk);
      for (let frame = reader.next(); frame !== null; frame = reader.next()) {
        seen += frame.type === FrameType.DATA ? frame.data.length : frame.streamId;
      }
      reader.detach();
    }
    return seen;
  });
}

function measureWriting(name, write) {
  report(`write ${name}`, () => {
    for (let written = 0; written < FRAMES; written++) {
      write(2 * written + 1);
      if (written % FRAMES_IN_CHUNK === 0) writer.take();
    }
    return writer.take().length;
  });
}

function session(makers) {
  for (let index = 0; index < FRAMES_IN_CHUNK; index++) makers[index % makers.length](2 * index + 1);
  return writer.takeOctets();
}

/** Prints the fastest round: on a busy machine the others measure the neighbours. */
function report(name, run) {
  const times = [];
  let kept = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    kept += run();
    const { user, system } = process.cpuUsage(start);
    times.push(((user + system) * 1000) / FRAMES);
  }
  const fastest = Math.min(...times).toFixed(1);
  console.log(`${name.padEnd(44)} ${fastest.padStart(7)} ns`, kept > 0 ? "" : "nothing done");
}
