import { ClientError, type ClientErrorCode } from "../client-error.ts";

/**
 * What undici says of a request that has failed, in our words.
 *
 * @param isBegun - whether any of it may have been written.
 * @returns TypeError for a request that cannot be sent at all.
 */
export function http1Failure(error: unknown, isBegun: boolean): Error {
  if (error instanceof ClientError) return error;
  const { code, message } = described(error);
  if (CALLERS_MISTAKES.has(code)) return new TypeError(message, { cause: error });
  const details = { cause: error ?? undefined, isUnprocessed: !isBegun };
  return new ClientError(codeOf(code, message), `${textOf(code, message)}: ${message || code}`, details);
}

/** Mistakes that undici finds before it writes anything, or while it counts the octets of a body. */
const CALLERS_MISTAKES = new Set([
  "UND_ERR_INVALID_ARG",
  "UND_ERR_NOT_SUPPORTED",
  "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH",
]);

/** Responses that undici does not take. */
const BAD_RESPONSES = new Set(["UND_ERR_HEADERS_OVERFLOW", "UND_ERR_RES_EXCEEDED_MAX_SIZE"]);
/** So an end that comes too early is called by the parser. */
const EARLY_END = "HPE_INVALID_EOF_STATE";

function described(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  return { code: "code" in error ? String(error.code) : "", message: error.message };
}

function codeOf(code: string, message: string): ClientErrorCode {
  const isBad = BAD_RESPONSES.has(code) || (code.startsWith("HPE_") && code !== EARLY_END);
  return isBad || message.startsWith("bad ") ? "PROTOCOL_ERROR" : "CONNECTION_LOST";
}

function textOf(code: string, message: string): string {
  return codeOf(code, message) === "PROTOCOL_ERROR"
    ? "the response is not one of HTTP/1.1"
    : "the connection was lost";
}
