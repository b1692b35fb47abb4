import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFile } from "../../src/cli/static-path.ts";

let root = "";

beforeAll(() => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "h2wire-")));
  root = join(base, "site");
  for (const folder of ["site/sub", "site/empty", "site/.well-known", "site-secret"]) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  const files = ["index.html", "a+b é%.txt", "sub/index.html", ".env", ".well-known/x", "../site-secret/key"];
  for (const file of files) writeFileSync(join(root, file), file);
  symlinkSync("../site-secret", join(root, "out"));
  symlinkSync("sub/index.html", join(root, "within"));
});

afterAll(() => rmSync(join(root, ".."), { recursive: true }));

describe("findFile", () => {
  it.each([
    ["/", "/index.html"],
    ["/?query", "/index.html"],
    ["//sub/.//index.html", "/sub/index.html"],
    ["/sub/", "/sub/index.html"],
    ["/a%2Bb%20%C3%A9%25.txt", "/a+b%20%C3%A9%25.txt"],
    ["/.well-known/x", "/.well-known/x"],
    ["/within", "/within"],
  ])("finds %s", (target, path) => {
    expect(findFile(root, target)).toEqual({ kind: "file", path });
  });

  it("sends a folder without its slash to the one with, on this server only", () => {
    expect(findFile(root, "/sub")).toEqual({ kind: "redirect", location: "/sub/" });
    expect(findFile(root, "//sub")).toEqual({ kind: "redirect", location: "/sub/" });
  });

  it.each([
    "/../site-secret/key",
    "/sub/../../site-secret/key",
    "/%2e%2e/site-secret/key",
    "/..%2fsite-secret/key",
    "/..%5csite-secret%5ckey",
    "/out/key",
  ])("refuses %s, which leaves the folder", (target) => {
    expect(findFile(root, target)).toMatchObject({ kind: "refused", status: 403 });
  });

  it.each(["/.env", "/nothing", "/index.html/", "/empty/", "/empty", "/a%3F", "/%252e%252e/site-secret/key"])(
    "has no file for %s",
    (target) => {
      expect(findFile(root, target)).toMatchObject({ kind: "refused", status: 404 });
    },
  );

  it.each(["*", "", "/%zz", "/%ff", "/a%00b", "http://host/"])("refuses %j, which is no path", (target) => {
    expect(findFile(root, target)).toMatchObject({ kind: "refused", status: 400 });
  });
});
