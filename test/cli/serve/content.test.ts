import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { ServeOptions } from "../../../src/cli/arguments.ts";
import { contentOf } from "../../../src/cli/serve/content.ts";

const OPTIONS: ServeOptions = {
  port: 0,
  host: "127.0.0.1",
  http1: true,
  listing: true,
  drainTimeout: 1_000,
  log: "text",
};

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "h2wire-"));
  const modules = {
    "fetch.mjs": "export default { greeting: 'hello', fetch() { return new Response(this.greeting); } };",
    "both.mjs": "const app = () => {}; app.fetch = () => new Response('fetch'); export default app;",
    "listener.mjs": "export default (request, response) => response.end('hello');",
    "nothing.mjs": "export const fetch = 1; export default 'text';",
    "broken.mjs": "throw new Error('broken by design');",
  };
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("contentOf", () => {
  it("is an echo without a target", async () => {
    const content = contentOf(undefined, OPTIONS);
    expect(content).toMatchObject({ kind: "echo", description: "an account of each request" });
    expect((await content.load()).style).toBe("messages");
  });

  it("is the files of a folder", async () => {
    const content = contentOf(folder, OPTIONS);
    expect(content).toMatchObject({ kind: "folder", description: `the files of ${folder}` });
    expect((await content.load()).style).toBe("messages");
  });

  it("refuses a target that is not there", () => {
    const failure = expect.objectContaining({
      exitCode: 26,
      message: "there is no folder and no module /dev/null/x",
    });
    expect(() => contentOf("/dev/null/x", OPTIONS)).toThrow(failure);
  });

  it("refuses options of a folder where none is served", () => {
    const failure = expect.objectContaining({ exitCode: 2, message: "--spa is for a folder" });
    expect(() => contentOf(undefined, { ...OPTIONS, spa: true })).toThrow(failure);
    const module = join(folder, "fetch.mjs");
    expect(() => contentOf(module, { ...OPTIONS, listing: false })).toThrow("--no-listing is for a folder");
  });
});

describe("contentOf a module", () => {
  const load = (name: string) => contentOf(join(folder, name), OPTIONS).load();

  it.each(["fetch.mjs", "both.mjs"])("finds the style of fetch in %s", async (name) => {
    expect((await load(name)).style).toBe("fetch");
  });

  it("finds a listener", async () => {
    expect((await load("listener.mjs")).style).toBe("messages");
  });

  it("refuses a module that exports nothing that answers", async () => {
    await expect(load("nothing.mjs")).rejects.toMatchObject({
      exitCode: 26,
      message: expect.stringMatching(/nothing\.mjs is neither \{ fetch \} nor a function/),
    });
  });

  it("shows where a module is broken", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => error.mockRestore());
    await expect(load("broken.mjs")).rejects.toMatchObject({ exitCode: 26 });
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ message: "broken by design" }));
  });
});
