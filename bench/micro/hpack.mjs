// HPACK by itself: node bench/micro/hpack.mjs (after npm run build). Prints the median of nine runs.
import { ChunkWriter } from "../../dist/bytes/chunk-writer.js";
import { Decoder, Encoder, encodeFieldBlock, HeaderField } from "../../dist/hpack/index.js";

const RUNS = 9;
const RUN_MILLISECONDS = 60;

const request = [
  [":method", "GET"],
  [":scheme", "https"],
  [":authority", "www.example.com"],
  [":path", "/assets/application.js"],
  ["accept", "text/html,application/xhtml+xml,*/*;q=0.8"],
  ["accept-encoding", "gzip, deflate, br"],
  ["accept-language", "en-GB,en;q=0.7"],
  ["cookie", "session=3f1c0b1a9d; theme=dark"],
  ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"],
  ["x-client", "42"],
].map(([name, value]) => new HeaderField(name, value));

const response = [
  [":status", "200"],
  ["content-length", "13"],
  ["content-type", "text/plain"],
  ["date", "Tue, 01 Jul 2025 12:00:00 GMT"],
].map(([name, value]) => new HeaderField(name, value));

/** The same fields with strings made anew, as a caller has them who computes each response. */
function copied(fields) {
  return fields.map(({ name, value }) => new HeaderField(name, Buffer.from(value).toString("latin1")));
}

function measure(title, operation) {
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    let count = 0;
    const start = process.hrtime.bigint();
    const end = start + BigInt(RUN_MILLISECONDS * 1e6);
    let now = start;
    for (; now < end; now = process.hrtime.bigint()) {
      for (let repeat = 0; repeat < 1_000; repeat++) operation();
      count += 1_000;
    }
    runs.push(Number(now - start) / count);
  }
  runs.sort((a, b) => a - b);
  console.log(`${title.padEnd(58)}${runs[RUNS >> 1].toFixed(1).padStart(9)} ns`);
}

function measureEncode(title, fields, options) {
  const encoder = new Encoder(options);
  const writer = new ChunkWriter();
  let blocks = 0;
  measure(title, () => {
    writer.mark();
    encoder.encode(fields, writer);
    if (++blocks % 1_000 === 0) writer.take();
  });
}

function measureDecode(title, fields, repeated, options) {
  const encoder = new Encoder(options);
  const decoder = new Decoder();
  let block;
  for (let count = 0; count < repeated; count++) {
    block = encodeFieldBlock(encoder, fields);
    decoder.decode(block);
  }
  measure(`${title} (${block.length} octets)`, () => decoder.decode(block));
}

const plain = { indexing: () => 0 };
measureEncode("encode 10 fields, all in the table", request);
measureEncode("encode 10 equal fields with other string objects", copied(request));
measureEncode("encode 4 response fields, all in the table", response);
measureEncode("encode 10 literals, Huffman where shorter", request, plain);
measureEncode("encode 10 literals, no Huffman", request, { ...plain, huffman: "never" });
measureDecode("decode 10 indexed fields", request, 4);
measureDecode("decode 4 indexed response fields", response, 4);
measureDecode("decode 10 literals, Huffman", request, 1, plain);
measureDecode("decode 10 literals, no Huffman", request, 1, { ...plain, huffman: "never" });

let serial = 0;

/** A field whose value is new, so that each block adds an entry and evicts one. */
function newField() {
  serial = (serial + 1) % 100_000;
  return [new HeaderField("x-serial", `value-${serial}`)];
}

const churner = new Encoder();
const churnWriter = new ChunkWriter();
measure("encode a field that is added, with an eviction", () => {
  churnWriter.mark();
  churner.encode(newField(), churnWriter);
  if (serial % 1_000 === 0) churnWriter.take();
});

const pairEncoder = new Encoder();
const pairDecoder = new Decoder();
const pairWriter = new ChunkWriter();
measure("encode and decode a field that is added", () => {
  pairWriter.mark();
  pairEncoder.encode(newField(), pairWriter);
  pairDecoder.decode(pairWriter.takeOctets());
});
