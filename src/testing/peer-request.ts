import type { HeaderField } from "../hpack/header-field.ts";

/** A request that a client made of a scripted server, as far as it came. */
export class PeerRequest {
  readonly streamId: number;
  /** In the order of the wire, pseudo-header fields in front. */
  readonly fields: readonly HeaderField[];
  /** Octets of the body that came. */
  octets: number;
  /** Whether the client has ended its side. */
  isComplete: boolean;
  /** The code of the client's RST_STREAM, or null. */
  resetCode: number | null;

  constructor(streamId: number, fields: readonly HeaderField[]) {
    this.streamId = streamId;
    this.fields = fields;
    this.octets = 0;
    this.isComplete = false;
    this.resetCode = null;
  }

  get method(): string {
    return this.field(":method") ?? "";
  }

  get path(): string {
    return this.field(":path") ?? "";
  }

  /** The value of the first field of this name, or null. */
  field(name: string): string | null {
    return this.fields.find((field) => field.name === name)?.value ?? null;
  }
}
