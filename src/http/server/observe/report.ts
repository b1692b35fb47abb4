import type { Log } from "./log.ts";

/** Takes what went wrong, and what is known of the request, in either style. */
type Report = (error: unknown, request: RequestLine | null) => void;

interface RequestLine {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** Reports errors to the log, or to the console if there is none. @param sentence - what has happened. */
export function reportTo(log: Log | undefined, sentence: string): Report {
  return (error, request) => {
    const { method, url } = request ?? {};
    if (log === undefined) console.error(`h2wire: ${sentence}:`, error);
    else log.error({ err: error, method, url }, sentence);
  };
}
