import type { TrustedProxies } from "../port/trusted-proxies.ts";
import type { Background } from "./background.ts";
import type { FetchInfo } from "./fetch-info.ts";

/** Answers a request. What it throws or is rejected with is answered for with status 500 and reported. */
export type FetchHandler = (request: Request, info: FetchInfo) => Response | Promise<Response>;

/** Answers for a handler that failed. */
export type FetchErrorHandler = (error: unknown) => Response | Promise<Response>;

/** Takes what went wrong, and the request that it was about, if it was about one. */
export type FetchErrorReport = (error: unknown, request: Request | null) => void;

/** What all requests of a server share. */
export interface FetchApp {
  readonly fetch: FetchHandler;
  readonly error: FetchErrorHandler | null;
  /** Never throws. */
  readonly report: FetchErrorReport;
  readonly background: Background;
  /** Whose word about the client counts; null if nobody's does. */
  readonly proxies: TrustedProxies | null;
}

/**
 * The handler of an application in any of the shapes that are in use: an object, or a function, with `fetch`; a function;
 * a module whose default export is one of these.
 *
 * @throws TypeError for anything else.
 */
export function handlerOf(application: unknown): FetchHandler {
  const { fetch, default: exported } = (application ?? {}) as { fetch?: unknown; default?: unknown };
  // Asked for at each request, because `fetch` may be a method, and may be replaced.
  if (typeof fetch === "function") {
    const module = application as { readonly fetch: FetchHandler };
    return (request, info) => module.fetch(request, info);
  }
  if (typeof application === "function") return application as FetchHandler;
  if (exported !== undefined) return handlerOf(exported);
  throw new TypeError("an application is a function (request, info), or has such a function as its `fetch`");
}
