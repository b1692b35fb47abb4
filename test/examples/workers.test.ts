import { describe, expect, it, onTestFinished } from "vitest";
import { type ClientSession, connect } from "../../src/http/client.ts";
import { ServerProgram } from "../support/programs.ts";
import { PATIENT } from "./support.ts";

/** What a new connection is answered: by whom, and by what protocol. */
async function ask(url: string, negotiation: "prior-knowledge" | "http/1.1"): Promise<string> {
  const session: ClientSession = await connect(url, { negotiation });
  const answer = await (await session.request()).text();
  await session.close();
  return answer;
}

describe("workers/server.mjs", PATIENT, () => {
  it("answers by both protocols from several processes, and ends when it is told to", async () => {
    const program = await ServerProgram.start(["examples/workers/server.mjs"]);
    onTestFinished(() => void program.stop());
    const answers = [await ask(program.url, "prior-knowledge"), await ask(program.url, "http/1.1")];
    expect(answers.map((answer) => answer.replace(/\d+/, "N"))).toEqual([
      "process N by h2\n",
      "process N by http/1.1\n",
    ]);
    expect(new Set(answers.map((answer) => /\d+/.exec(answer)?.[0])).size).toBe(2);
    expect(await program.stop()).toMatch(/^process \d+ has 2 workers, listening on .*\nending\n$/);
  });
});
