/** A private key and its certificate, in PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Types of subjectAltName (RFC 5280 section 4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/**
 * Makes a certificate for `localhost`, 127.0.0.1 and ::1 that nobody has signed. It is for development: clients have to
 * be told to trust it.
 */
export async function selfSigned(): Promise<KeyAndCertificate> {
  // Loaded when it is needed: it takes longer than all the rest of a server.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: DNS_NAME, value: "localhost" },
          { type: IP_ADDRESS, ip: "127.0.0.1" },
          { type: IP_ADDRESS, ip: "::1" },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
