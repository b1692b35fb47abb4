import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ClientError } from "../../../../src/http/client/client-error.ts";
import { OriginPool } from "../../../../src/http/client/pool/origin-pool.ts";
import type { ClientResponse, RequestOptions } from "../../../../src/http/client/session/client-session.ts";
import type { PooledSession, SessionWatcher } from "../../../../src/http/client/session/pooled-session.ts";

/** A session that notes its requests and answers none. */
class FakeSession implements PooledSession {
  readonly protocol = "h2";
  readonly negotiated = "prior-knowledge";
  readonly tls = null;
  readonly settings = null;
  watcher: SessionWatcher | null = null;
  room: number;
  paths: string[] = [];
  isDraining = false;
  isGone = false;
  isDestroyed = false;
  keepsProcess = true;

  constructor(room: number) {
    this.room = room;
  }

  get streams(): number {
    return this.paths.length;
  }

  request({ path = "/" }: RequestOptions = {}): Promise<ClientResponse> {
    this.room--;
    this.paths.push(path);
    return new Promise(() => {});
  }

  change(change: Partial<Pick<FakeSession, "room" | "paths" | "isDraining" | "isGone">>): void {
    Object.assign(this, change);
    this.watcher?.changed(this);
  }

  ping(): Promise<number> {
    return Promise.resolve(0);
  }

  keepProcess(keeps: boolean): void {
    this.keepsProcess = keeps;
  }

  destroy(): void {
    this.isDestroyed = true;
    this.change({ isGone: true, isDraining: true, room: 0 });
  }

  async close(): Promise<void> {
    this.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A pool whose connections have room for so many requests, those that were opened, and a request by its path. */
function scene({ room = 2, connections = 2 } = {}) {
  const opened: FakeSession[] = [];
  const openings: ((error: Error | null) => void)[] = [];
  const pool = new OriginPool(
    () =>
      new Promise((resolve, reject) => {
        openings.push((error) => {
          if (error !== null) return reject(error);
          const session = new FakeSession(room);
          opened.push(session);
          resolve(session);
        });
      }),
    { connections, idle: 0 },
  );
  const request = (path: string, avoid: PooledSession | null = null, timeout = 0, signal?: AbortSignal) => {
    const options = { path, ...(signal === undefined ? {} : { signal }) };
    const response = pool.request(options, timeout, { avoid, byHttp1: false }, () => {});
    response.catch(() => {});
    return response;
  };
  /** The next connection is there, or has failed. */
  const open = async (error: Error | null = null): Promise<void> => {
    openings.shift()?.(error);
    await nextTurn();
  };
  return { pool, opened, openings, request, open };
}

describe("the connections to an origin", () => {
  it("are opened one after the other, and share the requests in their order", async () => {
    const { opened, openings, request, open } = scene();
    for (const path of ["/1", "/2", "/3", "/4"]) void request(path);
    expect(openings).toHaveLength(1);
    await open();
    expect(openings).toHaveLength(1);
    await open();
    expect(opened.map(({ paths }) => paths)).toEqual([
      ["/1", "/2"],
      ["/3", "/4"],
    ]);
  });

  it("are not more than allowed: what has no room waits until there is some", async () => {
    const { pool, opened, openings, request, open } = scene({ room: 1, connections: 1 });
    for (const path of ["/1", "/2"]) void request(path);
    await open();
    expect([openings.length, pool.waiting]).toEqual([0, 1]);
    opened[0]?.change({ room: 1 });
    expect(opened[0]?.paths).toEqual(["/1", "/2"]);
  });

  it("get nothing while they drain, and are replaced", async () => {
    const { opened, request, open } = scene({ connections: 1 });
    void request("/1");
    await open();
    opened[0]?.change({ isDraining: true, room: 0 });
    void request("/2");
    await open();
    expect(opened.map(({ paths }) => paths)).toEqual([["/1"], ["/2"]]);
  });

  it("send a request that one of them has failed by another one", async () => {
    const { opened, request, open } = scene();
    void request("/1");
    await open();
    void request("/again", opened[0] ?? null);
    await open();
    expect(opened.map(({ paths }) => paths)).toEqual([["/1"], ["/again"]]);
  });

  it("send it by the same one where there may be no other", async () => {
    const { opened, request, open } = scene({ connections: 1 });
    void request("/1");
    await open();
    void request("/again", opened[0] ?? null);
    expect(opened[0]?.paths).toEqual(["/1", "/again"]);
  });

  it("fail the requests that wait, if none can be opened", async () => {
    const { pool, request, open } = scene();
    const failure = new ClientError("CONNECT_FAILED", "nobody listens");
    const responses = [request("/1"), request("/2")];
    await open(failure);
    for (const response of responses) await expect(response).rejects.toBe(failure);
    expect(pool.isEmpty).toBe(true);
  });

  it("keep requests waiting for the others, if one more cannot be opened", async () => {
    const { pool, opened, request, open } = scene({ room: 1 });
    for (const path of ["/1", "/2"]) void request(path);
    await open();
    await open(new ClientError("CONNECT_FAILED", "nobody listens"));
    expect(pool.waiting).toBe(1);
    opened[0]?.change({ room: 1 });
    expect(opened[0]?.paths).toEqual(["/1", "/2"]);
  });

  it("do not keep the process while they are idle", async () => {
    const { opened, request, open } = scene();
    void request("/1");
    await open();
    opened[0]?.change({});
    expect(opened[0]?.keepsProcess).toBe(true);
    opened[0]?.change({ paths: [] });
    expect(opened[0]?.keepsProcess).toBe(false);
  });
});

describe("a request that waits for a connection", () => {
  it("fails when it is aborted, and no other one with it", async () => {
    const { pool, request } = scene();
    const abort = new AbortController();
    const response = request("/1", null, 0, abort.signal);
    void request("/2");
    abort.abort();
    await expect(response).rejects.toMatchObject({ code: "ABORTED" });
    expect(pool.waiting).toBe(1);
  });

  it("fails in time, as unprocessed", async () => {
    const { request } = scene();
    const response = request("/1", null, 5);
    await expect(response).rejects.toMatchObject({ code: "HEADERS_TIMEOUT", isUnprocessed: true });
  });

  it.each(["close", "destroy"] as const)("fails at %s, as unprocessed", async (end) => {
    const { pool, request } = scene();
    const response = request("/1");
    void pool[end]();
    await expect(response).rejects.toMatchObject({ code: "SESSION_CLOSED", isUnprocessed: true });
  });
});

describe("a connection that is opened too late", () => {
  it("is ended at once", async () => {
    const { pool, opened, request, open } = scene();
    void request("/1");
    pool.destroy();
    await open();
    expect(opened[0]?.isDestroyed).toBe(true);
    expect(pool.isEmpty).toBe(true);
  });
});
