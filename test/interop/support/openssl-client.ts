import { runTool, type Tool } from "./tool.ts";

const tool: Tool = { name: "openssl", debianPackage: "openssl" };

export interface Handshake {
  /** The protocol that ALPN chose; undefined where none was. */
  readonly alpn: string | undefined;
  /** As in TLSv1.3; undefined where the handshake failed. */
  readonly version: string | undefined;
  /** The number of the fatal alert that the server sent. */
  readonly alert: number | undefined;
}

/** Shakes hands with a TLS port and leaves. */
export async function shakeHands(port: number, args: readonly string[]): Promise<Handshake> {
  const { text, stderr } = await runTool(tool, ["s_client", ...address(port), ...args]);
  const alert = /SSL alert number (\d+)/.exec(stderr)?.[1];
  return {
    alpn: /^ALPN protocol: (\S+)/m.exec(text)?.[1],
    version: alert === undefined ? /^New, (TLSv[\d.]+)/m.exec(text)?.[1] : undefined,
    alert: alert === undefined ? undefined : Number(alert),
  };
}

/** Sends octets through TLS and gives what the server answers, until it closes the connection or `until` says so. */
export async function exchange(
  port: number,
  args: readonly string[],
  octets: Uint8Array,
  until: (received: Buffer) => boolean = () => false,
): Promise<Buffer> {
  const all = ["s_client", ...address(port), ...args, "-quiet"];
  const { stdout } = await runTool(tool, all, { input: octets, until, timeout: 10_000 });
  return stdout;
}

function address(port: number): string[] {
  return ["-connect", `127.0.0.1:${port}`, "-servername", "localhost"];
}
