import { randomBytes } from "node:crypto";

/**
 * A form as multipart/form-data (RFC 7578), with the type that names its boundary. Files are referred to, not read.
 *
 * The names are written as the HTML standard has it: no line breaks, no quotes.
 */
export function formDataBlob(form: FormData): Blob {
  // In lower case, as the type of every Blob is.
  const boundary = `----h2wire-${randomBytes(12).toString("hex")}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escaped(withCrlf(name))}"`);
    if (typeof value === "string") parts.push(`\r\n\r\n${withCrlf(value)}`);
    else parts.push(fileHead(value), value as unknown as Blob);
    parts.push("\r\n");
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

function fileHead({ name, type }: { readonly name: string; readonly type: string }): string {
  return `; filename="${escaped(name)}"\r\nContent-Type: ${type || "application/octet-stream"}\r\n\r\n`;
}

function escaped(text: string): string {
  return text.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}

function withCrlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}
