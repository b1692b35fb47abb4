import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runH2load } from "./support/h2load.ts";
import { patternOctets } from "./support/octets.ts";
import { type SubjectFixture, startSubject } from "./support/subject-fixture.ts";

let subject: SubjectFixture;

beforeAll(async () => {
  subject = await startSubject();
});

afterAll(() => subject.stop());

const load = ["--requests=3000", "--clients=10", "--max-concurrent-streams=50"];
const allWell = { total: 3000, succeeded: 3000, failed: 0, successful: 3000 };

describe("h2load", () => {
  it("has no failed request over cleartext HTTP/2 (RFC 9113 section 3.3)", async () => {
    const result = await runH2load([...load, `${subject.cleartext.url}/?size=13`]);
    expect(result).toEqual({ ...allWell, protocol: "h2c" });
  });

  it("has no failed request over TLS (RFC 9113 section 3.2)", async () => {
    const result = await runH2load([...load, `${subject.tls.url}/?size=13`]);
    expect(result).toEqual({ ...allWell, protocol: "h2" });
  });

  it("has no failed request over HTTP/1.1 on the same port", async () => {
    const result = await runH2load(["--h1", "--requests=500", "--clients=10", `${subject.cleartext.url}/`]);
    expect(result).toMatchObject({ total: 500, succeeded: 500, failed: 0, protocol: "http/1.1" });
  });

  it("has no failed request with bodies larger than a window both ways (RFC 9113 section 5.2)", async () => {
    const file = join(subject.workspace.directory, "upload.bin");
    await writeFile(file, patternOctets(100_000));
    const some = ["--requests=100", "--clients=4", "--max-concurrent-streams=10", `--data=${file}`];
    const result = await runH2load([...some, `${subject.cleartext.url}/?size=200000`]);
    expect(result).toMatchObject({ total: 100, succeeded: 100, failed: 0 });
  });
});
