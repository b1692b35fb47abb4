import { platform } from "../../fetch/platform.ts";
import { lazyParts } from "./lazy-response.ts";
import { type FieldPair, type ResponseParts, UNKNOWN, usedBody } from "./response-parts.ts";

/**
 * Takes a response of ours or of the platform apart; also one of another implementation, which has the same properties.
 *
 * @throws TypeError for what is no response, or cannot be sent.
 */
export function partsOf(response: unknown): ResponseParts {
  const parts = lazyParts(response);
  if (parts !== null) return parts;
  if (!isResponse(response)) throw new TypeError(`a handler must return a Response, not ${named(response)}`);
  if (response.type === "error") throw new TypeError("Response.error() cannot be sent");
  if (response.bodyUsed || response.body?.locked === true) throw usedBody();
  const { status, statusText } = response;
  const body = response.body as ReadableStream<Uint8Array> | null;
  const fields = body !== null && isDecoded(response) ? decodedFields(response) : [...response.headers];
  return { status, statusText, fields, body, length: body === null ? 0 : UNKNOWN };
}

/** Whether it comes from `fetch`, which has decoded the content and left the fields as they were. */
function isDecoded({ type, headers }: Response): boolean {
  return (type === "basic" || type === "cors") && headers.get("content-encoding") !== null;
}

/** What is true of the content as it is now. */
function decodedFields({ headers }: Response): FieldPair[] {
  return [...headers].filter(([name]) => name !== "content-encoding" && name !== "content-length");
}

/** Lets a response go that nobody will send. */
export function discard(response: unknown): void {
  try {
    cancelBody(partsOf(response).body);
  } catch {
    // It is no response, or somebody else has its body.
  }
}

export function cancelBody(body: ResponseParts["body"], reason?: unknown): void {
  if (!(body instanceof ReadableStream)) return;
  // What is wrong with a stream that nobody wants is nobody's business.
  body.cancel(reason).catch(() => {});
}

function isResponse(value: unknown): value is Response {
  if (value instanceof platform().Response) return true;
  if (typeof value !== "object" || value === null) return false;
  const { status, headers, body } = value as Partial<Response>;
  return (
    typeof status === "number" &&
    typeof headers?.[Symbol.iterator] === "function" &&
    (body === null || body instanceof ReadableStream)
  );
}

function named(value: unknown): string {
  if (value === null || typeof value !== "object") return String(value);
  return `an object of ${value.constructor?.name ?? "no class"}`;
}
