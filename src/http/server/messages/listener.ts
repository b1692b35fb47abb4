import type { IncomingMessage, ServerResponse } from "node:http";

/** Answers a request, as the listener of an `http.Server` does. It may be an async function. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Takes what the listener threw, or what its promise was rejected with. */
export type ErrorReport = (error: unknown, request: IncomingMessage | null) => void;

/**
 * The listener, such that nothing it throws gets any further: status 500 if no head was sent yet, else the message is
 * cut off, which the client notices. A promise that it returns is watched in the same way.
 */
export function guarded(listener: Listener, report: ErrorReport): Listener {
  const fail = (error: unknown, request: IncomingMessage, response: ServerResponse): void => {
    report(error, request);
    answerError(response, error);
  };
  return (request, response) => {
    try {
      const result: unknown = listener(request, response);
      if (result instanceof Promise) result.catch((error: unknown) => fail(error, request, response));
    } catch (error) {
      fail(error, request, response);
    }
  };
}

function answerError(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.writableEnded) return;
  if (response.headersSent) {
    response.destroy(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.statusCode = 500;
  response.end();
}
