import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A key and its self-signed certificate for localhost and 127.0.0.1, as PEM texts and as files. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly keyFile: string;
  readonly certFile: string;
  /** Key and certificate in one file, as HAProxy wants them. */
  readonly pemFile: string;
}

/** Makes a certificate and writes its files into the directory. */
export async function makeCertificate(directory: string): Promise<Certificate> {
  // RSA, because the prohibited TLS 1.2 suites that a test offers have an RSA key exchange.
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "rsa",
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const file = (name: string): string => join(directory, name);
  const certificate = {
    key,
    cert,
    keyFile: file("key.pem"),
    certFile: file("cert.pem"),
    pemFile: file("both.pem"),
  };
  await writeFile(certificate.keyFile, key, { mode: 0o600 });
  await writeFile(certificate.certFile, cert);
  await writeFile(certificate.pemFile, `${cert.trimEnd()}\n${key.trimEnd()}\n`, { mode: 0o600 });
  return certificate;
}
