/**
 * What a field section stands for. Whether a response is an interim one is found out from its status: a receiver
 * passes RESPONSE for every head that comes from a server and reads the status afterwards.
 */
export const MessageKind = {
  REQUEST: 0,
  RESPONSE: 1,
  /** A response that must have a status of 100 to 199. */
  INTERIM_RESPONSE: 2,
  TRAILERS: 3,
  /** The request that a PUSH_PROMISE carries. */
  PUSHED_REQUEST: 4,
} as const;

export type MessageKind = (typeof MessageKind)[keyof typeof MessageKind];
