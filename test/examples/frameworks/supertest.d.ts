/** What the tests use of supertest. */
declare module "supertest" {
  interface SuperResponse {
    readonly status: number;
    readonly body: unknown;
  }

  interface SuperRequest extends Promise<SuperResponse> {
    set(name: string, value: string): this;
    send(body: object): this;
    attach(field: string, octets: Uint8Array, fileName: string): this;
    expect(status: number): this;
    expect(name: string, value: string | RegExp): this;
  }

  interface SuperAgent {
    get(path: string): SuperRequest;
    post(path: string): SuperRequest;
  }

  /** @param options - with `http2` it speaks HTTP/2 with prior knowledge. */
  export default function supertest(server: unknown, options?: { http2?: boolean }): SuperAgent;
}
