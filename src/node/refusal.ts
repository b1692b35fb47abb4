/** Why something that the peer asked for, or that was negotiated, is not done. */
export interface Refusal {
  /** The rule that was not met, in one sentence without a full stop. */
  readonly reason: string;
  /** Where the rule stands, such as `"RFC 7540 section 3.2.1"`. */
  readonly section: string;
}

export function refusal(reason: string, section: string): Refusal {
  return { reason, section };
}
