import type { SendRequest } from "../pool/client-request.ts";
import { FetchCall } from "./fetch-call.ts";
import type { Fetch, FetchInit } from "./fetch-init.ts";
import type { FetchResponse } from "./fetch-response.ts";
import { orderOf } from "./outgoing-request.ts";

/**
 * Makes a `fetch` that sends its requests by a function.
 *
 * It follows redirections, undoes content codings and settles exactly once, like the platform's. It is rejected with
 * - TypeError "fetch failed" if there is no response; `cause` is what `send` was rejected with, mostly a `ClientError`;
 * - the reason of the signal, as it is, if that was aborted;
 * - TypeError or RangeError for arguments that cannot be.
 *
 * A body that breaks off fails with TypeError "terminated", whose `cause` is the error behind it.
 */
export function createFetch(send: SendRequest): Fetch {
  return (input, init) => begin(send, input, init ?? {});
}

/** What is wrong with the arguments is a rejection too. */
async function begin(
  send: SendRequest,
  input: string | URL | Request,
  init: FetchInit,
): Promise<FetchResponse> {
  return new FetchCall(send, orderOf(input, init), input, init).response();
}
