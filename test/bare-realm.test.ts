import vm from "node:vm";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { importedPath, sourceModule } from "./support/source-modules.ts";

/**
 * The engine in a realm that has ECMAScript and TextDecoder, and nothing else: no console, no timer, no Buffer; even
 * Date and Math.random are taken away.
 */

/** Modules as one classic script that leaves what `entry` exports in `engine`. */
function bundle(entry: string): string {
  const functions: string[] = [];
  const included = new Set<string>();
  const include = (path: string): void => {
    if (included.has(path)) return;
    included.add(path);
    const { tree, imports } = sourceModule(path);
    for (const { specifier, isTypeOnly } of imports) if (!isTypeOnly) include(importedPath(path, specifier));
    functions.push(`${JSON.stringify(path)}: (exports, require) => {${plainScript(tree.text)}\n}`);
  };
  include(entry);
  return `const modules = {${functions.join(",\n")}};
${loadModule.toString()}
const loaded = {};
const engine = loadModule(${JSON.stringify(entry)}, modules, loaded);`;
}

/** TypeScript to JavaScript, with modules as functions call each other. */
function plainScript(text: string): string {
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2023,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

type Modules = Record<string, (exports: object, require: (specifier: string) => object) => void>;

/** Runs in the bare realm, so it uses nothing from around it. */
function loadModule(path: string, modules: Modules, loaded: Record<string, object>): object {
  const known = loaded[path];
  if (known !== undefined) return known;
  const made = {};
  loaded[path] = made;
  const folder = path.split("/").slice(0, -1);
  const resolve = (specifier: string): string => {
    const parts = [...folder];
    for (const part of specifier.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== ".") parts.push(part);
    }
    return parts.join("/");
  };
  const load = modules[path];
  if (load === undefined) throw new Error(`${path} is no module of the engine`);
  load(made, (specifier) => loadModule(resolve(specifier), modules, loaded));
  return made;
}

/** A realm in which `script` can be run. */
function bareRealm(): vm.Context {
  const context = vm.createContext({ TextDecoder });
  vm.runInContext(
    `for (const name of ["console", "Date", "WebAssembly", "SharedArrayBuffer", "Atomics", "Intl"]) delete globalThis[name];
     delete Math.random;`,
    context,
  );
  return context;
}

const ENGINE = bundle("index.ts");

/** A request with a body and a response with a body and trailers, between two engines; what they were told. */
const EXCHANGE = `
  const { H2Connection } = engine;
  const client = new H2Connection({ headerEncoding: "utf-8" });
  const server = new H2Connection({ clientSide: false });
  const told = [];
  const drive = () => {
    for (;;) {
      const fromClient = client.dataToSend();
      const fromServer = server.dataToSend();
      if (fromClient.length + fromServer.length === 0) return;
      for (const event of server.receiveData(fromClient)) told.push("server " + event.type);
      for (const event of client.receiveData(fromServer)) told.push("client " + event.type);
    }
  };
  client.initiateConnection();
  server.initiateConnection();
  drive();
  told.length = 0;
  client.sendHeaders(1, [[":method", "POST"], [":scheme", "https"], [":authority", "example.com"], [":path", "/"]]);
  client.queueData(1, new Uint8Array(50_000), { endStream: true });
  drive();
  server.acknowledgeReceivedData(50_000, 1);
  server.sendHeaders(1, [[":status", "200"], ["set-cookie", "a=b"]]);
  server.queueData(1, Uint8Array.of(104, 105));
  server.sendHeaders(1, [["x-checksum", "\\u00c3\\u00a9"]], { endStream: true });
  drive();
  server.shutdown();
  drive();
  JSON.stringify({ told, isFinished: client.isFinished && server.isFinished });
`;

describe("the engine in a bare realm", () => {
  it("finds nothing there but ECMAScript and TextDecoder", () => {
    const names = [
      "console",
      "process",
      "Buffer",
      "setTimeout",
      "queueMicrotask",
      "Date",
      "performance",
      "require",
    ];
    const realm = bareRealm();
    for (const name of names) expect(vm.runInContext(`typeof ${name}`, realm)).toBe("undefined");
    expect(vm.runInContext("typeof Math.random", realm)).toBe("undefined");
    expect(vm.runInContext("typeof TextDecoder", realm)).toBe("function");
  });

  it("holds a whole conversation", () => {
    const outcome: unknown = vm.runInContext(ENGINE + EXCHANGE, bareRealm());
    expect(JSON.parse(outcome as string)).toEqual({
      told: [
        "server RequestReceived",
        "server DataReceived",
        "server DataReceived",
        "server DataReceived",
        "server DataReceived",
        "server StreamEnded",
        "client WindowUpdated",
        "client ResponseReceived",
        "client DataReceived",
        "client TrailersReceived",
        "client StreamEnded",
        "client ConnectionTerminated",
        "client PingReceived",
        "server PingAckReceived",
        "client ConnectionTerminated",
      ],
      isFinished: true,
    });
  });

  it("needs TextDecoder for headerEncoding alone", () => {
    const realm = bareRealm();
    vm.runInContext("delete globalThis.TextDecoder", realm);
    const outcome: unknown = vm.runInContext(
      ENGINE + EXCHANGE.replace('{ headerEncoding: "utf-8" }', "{}"),
      realm,
    );
    expect(JSON.parse(outcome as string)).toMatchObject({ isFinished: true });
  });

  it.each(["frames/index.ts", "hpack/index.ts"])("loads %s alone, too", (entry) => {
    expect(vm.runInContext(`${bundle(entry)} Object.keys(engine).length`, bareRealm())).toBeGreaterThan(5);
  });
});
