/** Headers that come later. Nobody has to wait for them. */
export class LateHeaders {
  readonly promise: Promise<Headers>;
  #resolve: (headers: Headers) => void;
  #reject: (error: unknown) => void;

  constructor() {
    this.#resolve = () => {};
    this.#reject = () => {};
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => {});
  }

  settle(headers: Headers): void {
    this.#resolve(headers);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}
