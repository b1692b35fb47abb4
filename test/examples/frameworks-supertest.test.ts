import supertest from "supertest";
import { beforeAll, describe, expect, it } from "vitest";
import { FRAMEWORKS, type Served, serveApp } from "./frameworks/serving.ts";

describe.each(FRAMEWORKS)("supertest, on an application of %s", (framework) => {
  let served: Served;
  beforeAll(async () => {
    served = await serveApp(framework);
    return () => served.close();
  });

  it("reads a redirect", async () => {
    await supertest(served.cleartext).get("/redirect").expect(302).expect("location", "/target");
  });

  it("sends JSON", async () => {
    const response = await supertest(served.cleartext).post("/json").send({ a: 1 }).expect(200);
    expect(response.body).toEqual({ echo: { a: 1 } });
  });

  it("sends a file in a form", async () => {
    const response = await supertest(served.cleartext)
      .post("/upload")
      .attach("file", Buffer.from("a small file"), "a.bin");
    expect(response.body).toMatchObject({ name: "a.bin", length: 12 });
  });

  it("gets cookies and a range", async () => {
    await supertest(served.cleartext)
      .get("/cookies")
      .expect("set-cookie", /a=1.*b=2/);
    await supertest(served.cleartext).get("/file").set("range", "bytes=0-1").expect(206);
  });
});
