import type { FetchHandler } from "../../http/server.ts";
import type { ServeOptions } from "../arguments.ts";
import { allowOrigins, allowOriginsFetch } from "../cross-origin.ts";
import { type Handler, recordFetch, recordRequests } from "../request-log.ts";
import type { Journal } from "./journal.ts";

/** What answers requests, in one of the two styles. */
export type Application =
  | { readonly style: "messages"; readonly handler: Handler }
  | { readonly style: "fetch"; readonly fetch: FetchHandler };

/** The application with what the options put around it. */
export function equip(application: Application, options: ServeOptions, journal: Journal): Application {
  const isRecorded = options.log !== "none";
  if (application.style === "fetch") {
    const fetch = options.cors === true ? allowOriginsFetch(application.fetch) : application.fetch;
    return { style: "fetch", fetch: isRecorded ? recordFetch(fetch, journal.request) : fetch };
  }
  const handler = options.cors === true ? allowOrigins(application.handler) : application.handler;
  return { style: "messages", handler: isRecorded ? recordRequests(handler, journal.request) : handler };
}
