/** A log that takes an object and a sentence; those of pino and its relatives are such. */
export interface Log {
  /** Connections that open and close. */
  debug(details: object, message: string): void;
  /** Each request, when it is over. */
  info(details: object, message: string): void;
  /** Peers that break a rule or a limit. */
  warn(details: object, message: string): void;
  /** What the application throws. */
  error(details: object, message: string): void;
}
