import { describe, expect, it } from "vitest";
import { ReceivedBody } from "../../../../src/http/client/session/received-body.ts";

/** A body, and what its source hears. */
function scene(): { body: ReceivedBody; acknowledged: number[]; cancels: () => number } {
  const acknowledged: number[] = [];
  let cancels = 0;
  const body = new ReceivedBody({
    acknowledge: (cost) => void acknowledged.push(cost),
    cancel: () => void cancels++,
  });
  return { body, acknowledged, cancels: () => cancels };
}

const octets = (text: string): Uint8Array => Buffer.from(text);

async function read(body: ReceivedBody): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe("a received body", () => {
  it("is read in the order in which it came, whoever is faster", async () => {
    const { body } = scene();
    body.push(octets("one "), 4);
    const text = read(body);
    await Promise.resolve();
    body.push(octets("two "), 4);
    body.push(octets("three"), 5);
    body.end();
    expect(await text).toBe("one two three");
  });

  it("acknowledges what the reader takes, and nothing before (RFC 9113 section 5.2)", async () => {
    const { body, acknowledged } = scene();
    body.push(octets("padded"), 20);
    expect(acknowledged).toEqual([]);
    await body.next();
    expect(acknowledged).toEqual([20]);
    const asked = body.next();
    body.push(octets("x"), 1);
    await asked;
    expect(acknowledged).toEqual([20, 1]);
  });

  it("acknowledges frames without octets at once, and does not show them", async () => {
    const { body, acknowledged } = scene();
    body.push(octets(""), 8);
    expect(acknowledged).toEqual([8]);
    body.end();
    expect(await read(body)).toBe("");
  });

  it("holds no window when it has ended, though nobody read it", async () => {
    const { body, acknowledged } = scene();
    body.push(octets("unread"), 6);
    body.end();
    expect(acknowledged).toEqual([6]);
    expect(await read(body)).toBe("unread");
    expect(acknowledged).toEqual([6, 0]);
  });

  it("fails behind what came", async () => {
    const { body, acknowledged } = scene();
    body.push(octets("begun"), 5);
    body.fail(new Error("cut"));
    expect(acknowledged).toEqual([5]);
    expect(await body.next()).toMatchObject({ done: false });
    await expect(body.next()).rejects.toThrow("cut");
  });

  it("fails a reader that waits", async () => {
    const { body } = scene();
    const asked = body.next();
    body.fail(new Error("cut"));
    await expect(asked).rejects.toThrow("cut");
  });

  it("does not fail when it is whole, and does not fail twice", async () => {
    const whole = scene().body;
    whole.end();
    whole.fail(new Error("late"));
    expect(await read(whole)).toBe("");
    const failed = scene().body;
    failed.fail(new Error("first"));
    failed.fail(new Error("second"));
    await expect(read(failed)).rejects.toThrow("first");
  });

  it("acknowledges what comes after it failed", () => {
    const { body, acknowledged } = scene();
    body.fail(new Error("cut"));
    body.push(octets("late"), 4);
    expect(acknowledged).toEqual([4]);
  });

  it("tells its source when the reader leaves, and gives the window back", async () => {
    const { body, acknowledged, cancels } = scene();
    body.push(octets("one"), 3);
    body.push(octets("two"), 3);
    for await (const _piece of body) break;
    expect(acknowledged).toEqual([3, 3]);
    expect(cancels()).toBe(1);
    expect(await body.next()).toEqual({ done: true, value: undefined });
  });

  it("does not cancel what is whole", async () => {
    const { body, cancels } = scene();
    body.push(octets("one"), 3);
    body.end();
    for await (const _piece of body) break;
    expect(cancels()).toBe(0);
  });

  it("is for one reader", () => {
    const { body } = scene();
    body[Symbol.asyncIterator]();
    expect(() => body[Symbol.asyncIterator]()).toThrow(TypeError);
  });
});
