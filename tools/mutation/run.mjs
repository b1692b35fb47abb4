/**
 * The mutation check: it changes one thing in the sources at a time and asks whether a test of that folder notices.
 *
 *     npm run mutation                                  all folders
 *     npm run mutation -- frames hpack                  some
 *     npm run mutation -- streams/stream-table          files of one
 */
import { Stryker } from "@stryker-mutator/core";

/** Each is checked against the tests in the folder of the same name. */
const FOLDERS = ["frames", "hpack", "fields", "streams", "connection"];
/** Tables that a tool generates and a test compares with what it generates. */
const GENERATED = ["!src/hpack/huffman-code.ts"];

for (const target of process.argv.length > 2 ? process.argv.slice(2) : FOLDERS) {
  const [folder, file = "**/*"] = target.split("/");
  const mutants = await new Stryker({
    mutate: [`src/${folder}/${file}.ts`, ...GENERATED],
    tests: `test/${folder}`,
    testRunner: "thread",
    plugins: [new URL("./runner.mjs", import.meta.url).pathname],
    buildCommand: `node tools/mutation/build.mjs ${folder}`,
    coverageAnalysis: "perTest",
    disableTypeChecks: false,
    concurrency: 1,
    // Long, so that a machine that is busy with something else makes no survivor look like an endless loop.
    timeoutMS: 15_000,
    tempDirName: `tmp/mutation/${folder}-sandbox`,
    ignorePatterns: ["/dist", "/coverage", "/bench", "/examples", "/tmp"],
    reporters: ["survivors", "json", "html", "progress-append-only"],
    jsonReporter: { fileName: `tmp/mutation/${folder}.json` },
    htmlReporter: { fileName: `tmp/mutation/${folder}.html` },
    allowConsoleColors: false,
    warnings: { unknownOptions: false, slow: false },
  }).runMutationTest();
  console.log(row(target, mutants));
}

/** A row of the table in docs/testing.md: all mutants, then those that are not a string. */
function row(folder, mutants) {
  const others = mutants.filter(({ mutatorName }) => mutatorName !== "StringLiteral");
  return `| \`${folder}\` | ${figures(mutants)} | ${figures(others)} |`;
}

function figures(mutants) {
  const count = (...wanted) => mutants.filter(({ status }) => wanted.includes(status)).length;
  const killed = count("Killed", "Timeout");
  const survived = count("Survived", "NoCoverage");
  const score = ((100 * killed) / (killed + survived)).toFixed(1);
  return `${killed + survived} | ${killed} | ${count("Timeout")} | ${survived} | ${score} %`;
}
