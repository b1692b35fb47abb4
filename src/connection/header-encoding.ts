import { latin1ToOctets } from "../bytes/latin1.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { StreamFault } from "../frames/fault.ts";
import { HeaderField } from "../hpack/header-field.ts";
import type { H2Configuration } from "./configuration.ts";

/** The runtime's TextDecoder. */
type TextDecoderLike = InstanceType<typeof TextDecoder>;

/** Received fields as text, by the option `headerEncoding`, which may be assigned anew at any time. */
export class HeaderEncoding {
  readonly #configuration: H2Configuration;
  #textDecoder: TextDecoderLike | null;
  /** What `#textDecoder` was made for. */
  #encoding: string | null;

  constructor(configuration: H2Configuration) {
    this.#configuration = configuration;
    this.#textDecoder = null;
    this.#encoding = null;
  }

  /** The fields themselves if no encoding is set. @throws StreamFault for octets that the encoding does not have. */
  decode(fields: HeaderField[], streamId: number): HeaderField[] {
    const textDecoder = this.#decoderNow();
    if (textDecoder === null) return fields;
    try {
      return fields.map((field) => decoded(field, textDecoder));
    } catch {
      const reason = `a field is not ${textDecoder.encoding}`;
      throw new StreamFault(streamId, ErrorCode.PROTOCOL_ERROR, reason, "option headerEncoding");
    }
  }

  #decoderNow(): TextDecoderLike | null {
    const { headerEncoding } = this.#configuration;
    if (headerEncoding !== this.#encoding) {
      const options = { fatal: true, ignoreBOM: true };
      this.#textDecoder = headerEncoding === null ? null : new TextDecoder(headerEncoding, options);
      this.#encoding = headerEncoding;
    }
    return this.#textDecoder;
  }
}

function decoded(field: HeaderField, textDecoder: TextDecoderLike): HeaderField {
  const { name, value, sensitive } = field;
  return new HeaderField(textOf(name, textDecoder), textOf(value, textDecoder), sensitive);
}

function textOf(byteString: string, textDecoder: TextDecoderLike): string {
  const octets = new Uint8Array(byteString.length);
  latin1ToOctets(byteString, octets, 0);
  return textDecoder.decode(octets);
}
