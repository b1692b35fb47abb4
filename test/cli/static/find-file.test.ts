import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { find, findBeside } from "../../../src/cli/static/find-file.ts";

let root = "";

beforeAll(() => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "h2wire-")));
  root = join(base, "site");
  for (const folder of ["site/sub", "site/empty", "site/.well-known", "site-secret"]) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  const files = ["index.html", "a+b é%.txt", "c#?.txt", "sub/index.html", ".env", ".well-known/x"];
  for (const file of [...files, "../site-secret/key", "sub/x.js"]) writeFileSync(join(root, file), file);
  symlinkSync("../site-secret", join(root, "out"));
  symlinkSync("sub/index.html", join(root, "within"));
  symlinkSync("../../site-secret/key", join(root, "sub/x.js.gz"));
  mkdirSync(join(root, "sub/x.js.br"));
});

afterAll(() => rmSync(join(root, ".."), { recursive: true }));

describe("find", () => {
  it.each([
    ["/", "/index.html"],
    ["/?query", "/index.html"],
    ["//sub/.//index.html", "/sub/index.html"],
    ["/sub/", "/sub/index.html"],
    ["/a%2Bb%20%C3%A9%25.txt", "/a+b é%.txt"],
    ["/c%23%3F.txt", "/c#?.txt"],
    ["/.well-known/x", "/.well-known/x"],
    ["/within", "/within"],
  ])("finds %s", (target, path) => {
    expect(find(root, target)).toMatchObject({ kind: "file", path });
  });

  it("tells size and time of a file", () => {
    expect(find(root, "/sub/")).toMatchObject({ size: "sub/index.html".length, modified: expect.any(Date) });
  });

  it("sends a folder without its slash to the one with, on this server only, with the query", () => {
    expect(find(root, "/sub?a=/")).toEqual({ kind: "redirect", location: "/sub/?a=/" });
    expect(find(root, "//sub")).toEqual({ kind: "redirect", location: "/sub/" });
    expect(find(root, "/%2e/empty")).toEqual({ kind: "redirect", location: "/empty/" });
  });

  it("finds a folder that has no page of its own", () => {
    expect(find(root, "/empty/?sort=size")).toEqual({ kind: "folder", segments: ["empty"] });
    expect(find(root, "/empty%2f")).toEqual({ kind: "folder", segments: ["empty"] });
  });

  it.each([
    "/../site-secret/key",
    "/sub/../../site-secret/key",
    "/%2e%2e/site-secret/key",
    "/..%2fsite-secret/key",
    "/..%5csite-secret%5ckey",
    "/..\\site-secret\\key",
    "/out/key",
    "/out/",
  ])("refuses %s, which leaves the folder", (target) => {
    expect(find(root, target)).toMatchObject({ kind: "refused", status: 403 });
  });

  it.each(["/.env", "/nothing", "/index.html/", "/a%3F", "/%252e%252e/site-secret/key", "/sub/x.js/x"])(
    "has no file for %s",
    (target) => {
      expect(find(root, target)).toMatchObject({ kind: "refused", status: 404 });
    },
  );

  it.each(["*", "", "/%zz", "/%ff", "/a%00b", "http://host/"])("refuses %j, which is no path", (target) => {
    expect(find(root, target)).toMatchObject({ kind: "refused", status: 400 });
  });
});

describe("findBeside", () => {
  it("finds no link that leads out of the folder, and nothing that is no file", () => {
    const found = find(root, "/sub/x.js");
    expect(found.kind).toBe("file");
    for (const suffix of [".gz", ".br", ".zst"]) {
      expect(findBeside(root, found as Parameters<typeof findBeside>[1], suffix)).toBeNull();
    }
  });
});
