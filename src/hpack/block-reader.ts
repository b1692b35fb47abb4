/** A field block being read: its octets, and how far reading has come. */
export class BlockReader {
  octets: Uint8Array;
  position: number;
  end: number;

  constructor() {
    this.octets = EMPTY;
    this.position = 0;
    this.end = 0;
  }

  begin(octets: Uint8Array): void {
    this.octets = octets;
    this.position = 0;
    this.end = octets.length;
  }

  /** Lets go of the octets. */
  finish(): void {
    this.begin(EMPTY);
  }
}

const EMPTY = new Uint8Array(0);
