import { platform } from "../../fetch/platform.ts";
import { LazyResponse } from "./lazy-response.ts";

/**
 * Puts `LazyResponse` in the place of the global `Response`, so that frameworks make those too. What the platform
 * makes, as `fetch` does, is an instance of it all the same.
 *
 * @returns what undoes it, unless somebody else has put another class there since.
 */
export function installResponse(): () => void {
  const { Response: PlatformResponse } = platform();
  const before = Object.getOwnPropertyDescriptor(globalThis, "Response") as PropertyDescriptor;
  class Response extends LazyResponse {
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof PlatformResponse;
    }
  }
  const descriptor = { value: Response, writable: true, enumerable: false, configurable: true };
  Object.defineProperty(globalThis, "Response", descriptor);
  return () => {
    if ((globalThis.Response as unknown) === Response) Object.defineProperty(globalThis, "Response", before);
  };
}
