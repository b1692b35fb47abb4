import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { run } from "./support/command.ts";

// Each test starts a process, on whatever machine.
vi.setConfig({ testTimeout: 20_000 });

describe("h2wire", () => {
  it("prints the version of the package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await run(["--version"])).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("lists its commands for --help", async () => {
    const { exitCode, stdout, stderr } = await run(["--help"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    for (const command of ["serve", "get", "demo"])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
    expect(stdout).toContain("Example:\n  h2wire ");
  });

  it.each(["serve", "get", "demo"])("explains %s with an example", async (command) => {
    const { exitCode, stdout, stderr } = await run([command, "--help"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Usage: h2wire ${command}`);
    expect(stdout).toContain(`Example:\n  h2wire ${command} `);
  });

  it("documents every exit code", async () => {
    const { stdout } = await run(["get", "--help"]);
    const codes = [...stdout.matchAll(/^ {2,3}(\d+) {2}\S/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual([0, 1, 2, 3, 6, 7, 16, 23, 26, 28, 35, 56, 60]);
  });

  it("ends with 2, and its help on the standard error, when no command is given", async () => {
    const { exitCode, stdout, stderr } = await run([]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: h2wire");
  });

  it("ends with 2 for a command that it does not have", async () => {
    expect(await run(["fetch"])).toMatchObject({ exitCode: 2, stderr: "h2wire: unknown command 'fetch'\n" });
  });

  it("shows no more of a wrong argument than text", async () => {
    const { stderr } = await run(["get", "-X", "\x1b[2J", "http://localhost/"]);
    expect(stderr).toContain("'\\x1b[2J'");
  });
});
