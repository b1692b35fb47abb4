import { joined } from "../../../bytes/joined.ts";
import type { ClientResponse, InformationalResponse, Negotiated } from "./client-session.ts";

export type Fields = [name: string, value: string][];

/** What a response came by. */
export interface ResponseWay {
  readonly protocol: "h2" | "http/1.1";
  readonly negotiated: Negotiated;
}

/** A response whose head is there; body and trailers come. */
export class ReceivedResponse implements ClientResponse {
  readonly status: number;
  readonly headers: Fields;
  readonly informational: InformationalResponse[];
  readonly protocol: "h2" | "http/1.1";
  readonly negotiated: Negotiated;
  readonly body: AsyncIterable<Uint8Array>;
  readonly trailers: Promise<Fields>;

  /** @param trailers - its rejection is dealt with, should nobody ask for them. */
  constructor(
    status: number,
    headers: Fields,
    informational: InformationalResponse[],
    way: ResponseWay,
    body: AsyncIterable<Uint8Array>,
    trailers: Promise<Fields>,
  ) {
    this.status = status;
    this.headers = headers;
    this.informational = informational;
    this.protocol = way.protocol;
    this.negotiated = way.negotiated;
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
