import { joined } from "../../bytes/joined.ts";
import type { ClientResponse, InformationalResponse } from "./client-session.ts";

export type Fields = [name: string, value: string][];

/** A response whose head is there; body and trailers come. */
export class ReceivedResponse implements ClientResponse {
  readonly status: number;
  readonly headers: Fields;
  readonly informational: InformationalResponse[];
  readonly body: AsyncIterable<Uint8Array>;
  readonly trailers: Promise<Fields>;

  /** @param trailers - its rejection is dealt with, should nobody ask for them. */
  constructor(
    status: number,
    headers: Fields,
    informational: InformationalResponse[],
    body: AsyncIterable<Uint8Array>,
    trailers: Promise<Fields>,
  ) {
    this.status = status;
    this.headers = headers;
    this.informational = informational;
    this.body = body;
    this.trailers = trailers;
  }

  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.body) chunks.push(chunk);
    const [first] = chunks;
    return first !== undefined && chunks.length === 1 ? first : joined(chunks);
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }
}
