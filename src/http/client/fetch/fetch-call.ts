import type { ClientRequestOptions, SendRequest } from "../pool/client-request.ts";
import type { ClientResponse } from "../session/client-session.ts";
import { AbortWatch } from "./abort-watch.ts";
import { decoded, decodersFor } from "./content-coding.ts";
import { dropResponse } from "./drop-response.ts";
import { type FetchInit, priorityOf } from "./fetch-init.ts";
import { FetchResponse } from "./fetch-response.ts";
import type { OutgoingBody } from "./outgoing-body.ts";
import { completed, type Order, type OutgoingRequest, withLength } from "./outgoing-request.ts";
import { isRedirect, locationOf, MOST_REDIRECTS, redirected } from "./redirect.ts";
import { ResponseBody, type ResponseBodyOwner } from "./response-body.ts";

/** One call of `fetch`: from the first request to the end of the body of the last response. */
export class FetchCall implements ResponseBodyOwner {
  readonly #send: SendRequest;
  readonly #order: Order;
  readonly #init: FetchInit;
  readonly #watch: AbortWatch;
  readonly #extras: ClientRequestOptions;
  /** Of the request, when it is known. */
  #body: OutgoingBody | null;

  /**
   * @param input - what has the signal, if it is a `Request`.
   * @throws TypeError or RangeError for a priority that is none.
   */
  constructor(send: SendRequest, order: Order, input: unknown, init: FetchInit) {
    this.#send = send;
    this.#order = order;
    this.#init = init;
    this.#extras = extrasOf(order, init);
    this.#body = order.request.body;
    this.#watch = new AbortWatch(order.signal, input);
  }

  /** @throws TypeError "fetch failed" with the error behind it; what the signal was aborted with. */
  async response(): Promise<FetchResponse> {
    const completing = completed(this.#order);
    try {
      const request = await this.#watch.race(completing);
      this.#body = request.body;
      return await this.#follow(request);
    } catch (error) {
      const reason = this.#watch.isAborted ? this.#watch.reason : fetchFailed(error);
      this.#watch.end();
      completing.then(
        ({ body }) => body?.stop(reason),
        () => {},
      );
      throw reason;
    }
  }

  // -- For the body -----------------------------------------------------------------------------------------

  bodyOver(isWhole: boolean): void {
    this.#watch.end();
    if (!isWhole) this.#body?.stop(new TypeError("the response was not read to its end"));
  }

  bodyError(error: unknown): unknown {
    return this.#watch.isAborted ? this.#watch.reason : new TypeError("terminated", { cause: error });
  }

  // -- The way to it ----------------------------------------------------------------------------------------

  async #follow(first: OutgoingRequest): Promise<FetchResponse> {
    let request = first;
    let isElsewhere = false;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#exchange(request);
      try {
        const next = this.#next(request, response, redirects);
        if (next === null) return this.#finish(request, response, redirects > 0, isElsewhere);
        isElsewhere ||= next.url.origin !== first.url.origin;
        request = next;
      } catch (error) {
        void dropResponse(response);
        throw error;
      }
      void dropResponse(response);
      this.#body?.stop(new TypeError("the request was redirected"));
    }
  }

  async #exchange(request: OutgoingRequest): Promise<ClientResponse> {
    const { method, body, trailers } = request;
    const sent = this.#send(request.url, {
      ...this.#extras,
      method,
      headers: withLength(request),
      ...(body !== null && { body: body.payload }),
      ...(trailers !== null && { trailers }),
    });
    try {
      const response = await this.#watch.race(sent);
      if (this.#watch.isAborted) throw this.#watch.reason;
      return response;
    } catch (error) {
      // It may come all the same.
      sent.then(dropResponse, () => {});
      throw error;
    }
  }

  /** The request that a redirection asks for; null if this is the response. @throws TypeError */
  #next(request: OutgoingRequest, response: ClientResponse, redirects: number): OutgoingRequest | null {
    const { redirect } = this.#order;
    if (redirect === "manual" || !isRedirect(response.status)) return null;
    if (redirect === "error") throw new TypeError("unexpected redirect");
    const url = locationOf(response.headers, request.url);
    if (url === null) return null;
    if (redirects === MOST_REDIRECTS) throw new TypeError(`more than ${MOST_REDIRECTS} redirections`);
    return redirected(request, response.status, url);
  }

  #finish(
    { url, method }: OutgoingRequest,
    response: ClientResponse,
    isRedirected: boolean,
    isElsewhere: boolean,
  ): FetchResponse {
    const { status, headers, trailers, informational, protocol, negotiated } = response;
    const body = this.#bodyOf(method, response);
    const parts = {
      url,
      isRedirected,
      type: isElsewhere ? ("cors" as const) : ("basic" as const),
      status,
      fields: headers,
      trailers,
      informational,
      protocol,
      negotiated,
      failure: (error: unknown) => this.bodyError(error),
    };
    return new FetchResponse(parts, body, null);
  }

  #bodyOf(method: string, response: ClientResponse): ResponseBody | null {
    const { status, headers, body, trailers } = response;
    // Nobody may ever ask for them.
    trailers.catch(() => {});
    if (method === "HEAD" || status === 204 || status === 205 || status === 304) {
      this.#watch.end();
      void dropResponse(response);
      return null;
    }
    const decoders = this.#init.decompress === false ? [] : decodersFor(headers);
    const read = new ResponseBody(decoded(body[Symbol.asyncIterator](), decoders), this);
    this.#watch.react((reason) => read.fail(reason));
    return read;
  }
}

/** What every request of the call has. */
function extrasOf({ signal }: Order, init: FetchInit): ClientRequestOptions {
  const { onInformational, timeouts } = init;
  const priority = priorityOf(init.priority);
  return {
    ...(signal !== null && { signal }),
    ...(priority !== undefined && { priority }),
    ...(onInformational !== undefined && { onInformational }),
    ...(timeouts !== undefined && { timeouts }),
  };
}

/** What the platform's `fetch` is rejected with in Node. */
function fetchFailed(cause: unknown): TypeError {
  return new TypeError("fetch failed", { cause });
}
