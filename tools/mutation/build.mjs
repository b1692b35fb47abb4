/**
 * Makes plain JavaScript of the sandbox that Stryker prepared, with the tests of one folder, each file beside its source,
 * and has the tests import `suite.mjs` where they say `vitest`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import ts from "typescript";

const SUITE = "tools/mutation/suite.mjs";

/** @type {ts.CompilerOptions} */
const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

for (const folder of ["src", "tools", "test/support", `test/${process.argv[2]}`]) {
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts") || path.endsWith(".d.ts")) continue;
    const file = `${folder}/${path}`;
    const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions: OPTIONS });
    writeFileSync(
      file.replace(/\.ts$/, ".js"),
      outputText.replace(/from "vitest"/, () => `from "${suiteFrom(file)}"`),
    );
  }
}

/** @param {string} file */
function suiteFrom(file) {
  const path = relative(file, SUITE).replace(/^\.\.\//, "");
  return path.startsWith(".") ? path : `./${path}`;
}
