export type FieldPair = readonly [name: string, value: string];

/** A response, as it is to be sent. */
export interface ResponseParts {
  readonly status: number;
  readonly statusText: string;
  /** In any case of their letters. They may be shared: nobody changes them. */
  readonly fields: readonly FieldPair[];
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** Octets of the body, or `UNKNOWN`. */
  readonly length: number;
}

/** A length that nobody knows before the end. */
export const UNKNOWN = -1;
/** A length that is not to be mentioned. */
export const UNMENTIONED = -2;

/** Whether a response has no content whatever its fields say (RFC 9110 sections 6.4.1 and 15.3.6). */
export function hasNoContent(method: string, status: number): boolean {
  return method === "HEAD" || isNullBodyStatus(status);
}

export function isNullBodyStatus(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** What Content-Length says of a response without content. */
export function lengthWithoutContent(method: string, { status, body, length }: ResponseParts): number {
  if (status === 204) return UNMENTIONED;
  if (status === 205) return 0;
  // What the response would have to GET, as far as that is known (RFC 9110 section 8.6).
  if (method === "HEAD" && body !== null) return length;
  return method === "HEAD" || status === 304 ? UNKNOWN : 0;
}

/** @throws TypeError if Content-Length is no number. */
export function declaredLength(fields: readonly FieldPair[]): number {
  const field = fields.find(([name]) => isNamed(name, "content-length"));
  if (field === undefined) return UNKNOWN;
  if (/^\d{1,15}$/.test(field[1])) return Number(field[1]);
  throw new TypeError(`Content-Length of the Response is no number: ${JSON.stringify(field[1])}`);
}

/** @param lowerCase - the name to compare with. */
export function isNamed(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && name.toLowerCase() === lowerCase;
}

/** The body of a response that can be sent no more. */
export function usedBody(): TypeError {
  return new TypeError("the body of the Response is locked, or was read already");
}
