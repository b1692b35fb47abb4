// Small requests, cleartext: our engine and our server beside node:http2 and nghttpd, alternating in one run.
//   npm run bench [-- --requests N --rounds N]
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { H2LOAD_COMMAND, h2load } from "./support/h2load.mjs";
import { startNghttpd, startProgram } from "./support/subject.mjs";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "1000000" }, rounds: { type: "string", default: "5" } },
});
const REQUESTS = Number(values.requests);
const ROUNDS = Number(values.rounds);

const SUBJECTS = [
  { name: "h2wire engine on node:net", start: () => startProgram("engine"), rates: [] },
  { name: "node:http2 stream API", start: () => startProgram("node-http2"), rates: [] },
  { name: "nghttpd", start: startNghttpd, rates: [] },
  { name: "h2wire serve", start: () => startProgram("serve"), rates: [] },
  { name: "h2wire serve, Response of Node", start: () => startProgram("serve-platform"), rates: [] },
  { name: "Hono on h2wire serve", start: () => startProgram("serve-hono"), rates: [] },
  { name: "Hono on node:http2", start: () => startProgram("node-http2-hono"), rates: [] },
];

for (let round = 1; round <= ROUNDS; round++) {
  for (const subject of SUBJECTS) {
    const server = await subject.start();
    // A warm-up of a tenth, so that a compiler that needs it has seen the code.
    await h2load(server.port, REQUESTS / 10);
    const rate = await h2load(server.port, REQUESTS);
    await server.stop();
    subject.rates.push(rate);
    console.log(`round ${round}  ${subject.name.padEnd(28)} ${thousands(rate)} k requests/s`);
  }
}

const [ours, node, nghttpd, serve, , hono, nodeHono] = SUBJECTS.map(({ rates }) => median(rates));
const report = `# Benchmark results

${describeMachine()}
Command of the load: \`${H2LOAD_COMMAND}\` with N = ${REQUESTS}, ${ROUNDS} rounds, subjects alternating, a fresh process each,
a warm-up of N / 10 before each run. Body of 13 octets. Run it with \`npm run bench\`.

## Small requests, cleartext

| ratio of medians | |
| --- | ---: |
| h2wire engine : node:http2 | **${(ours / node).toFixed(2)}** |
| h2wire engine : nghttpd | **${(ours / nghttpd).toFixed(2)}** |
| h2wire serve : node:http2 | **${(serve / node).toFixed(2)}** |
| Hono on h2wire serve : Hono on node:http2 | **${(hono / nodeHono).toFixed(2)}** |

| subject | median, k requests/s | lowest | highest |
| --- | ---: | ---: | ---: |
${SUBJECTS.map(row).join("\n")}
`;
console.log(`\n${report}`);
writeFileSync(new URL("RESULTS.md", import.meta.url), report);

function row({ name, rates }) {
  return `| ${name} | ${thousands(median(rates))} | ${thousands(Math.min(...rates))} | ${thousands(Math.max(...rates))} |`;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function thousands(rate) {
  return (rate / 1000).toFixed(1);
}

function describeMachine() {
  const [cpu] = cpus();
  const nghttp2 = execFileSync("nghttpd", ["--version"]).toString().trim();
  return `Machine: ${cpus().length} × ${cpu.model}. Node ${process.version}, ${nghttp2}.`;
}
