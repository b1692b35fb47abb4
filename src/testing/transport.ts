/** What carries the octets of a peer: a socket, or something in memory. */
export interface Transport {
  /** Hands octets over, in order; settles when they have gone. What comes in later calls does not join them. */
  write(octets: Uint8Array): Promise<void>;
  /** Ends this half when all was written: close_notify under TLS, then FIN. */
  end(): void;
  /** Ends this half without a word to TLS. Without TLS the same as `end`. */
  truncate(): void;
  /** Breaks the connection off, by RST where there is TCP. */
  cut(): void;
  /** Takes no more octets from the other side until `resume`. */
  pause(): void;
  resume(): void;
}

/** What a transport tells. */
export interface TransportEnd {
  receive(octets: Uint8Array): void;
  /** The other side has ended its half. */
  ended(): void;
  /** Nothing travels any more. */
  closed(): void;
}
