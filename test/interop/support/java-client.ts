import { script } from "./scripts.ts";
import { runTool, type Tool } from "./tool.ts";

const compiler: Tool = { name: "javac", debianPackage: "default-jdk-headless" };
const launcher: Tool = { name: "java", debianPackage: "default-jdk-headless" };

interface JavaRequests {
  readonly url: string;
  readonly method?: string;
  readonly bodySize?: number;
  /** How many requests: the first alone, the others at once after it. */
  readonly count?: number;
}

interface JavaResponse {
  /** As Java names it: HTTP_2 or HTTP_1_1. */
  readonly version: string;
  readonly status: number;
  readonly bodyLength: number;
  readonly sha256: string;
  /** The body's beginning. */
  readonly text: string;
}

export type JavaClient = (requests: JavaRequests) => Promise<JavaResponse[]>;

/** Compiles the client into the directory; what comes back runs it. */
export async function compileJavaClient(directory: string): Promise<JavaClient> {
  const { exitCode, stderr } = await runTool(compiler, ["-d", directory, script("HttpClientProbe.java")]);
  if (exitCode !== 0) throw new Error(`javac failed:\n${stderr}`);
  return (requests) => runJavaClient(directory, requests);
}

async function runJavaClient(directory: string, requests: JavaRequests): Promise<JavaResponse[]> {
  const { url, method = "GET", bodySize = 0, count = 1 } = requests;
  const args = ["-cp", directory, "HttpClientProbe", url, method, bodySize, count];
  const output = await runTool(launcher, args.map(String));
  if (output.exitCode !== 0) throw new Error(`The Java client failed:\n${output.stderr}`);
  return output.text.trimEnd().split("\n").map(readResponse);
}

function readResponse(line: string): JavaResponse {
  const [version, status, bodyLength, sha256, text] = line.split(" ") as [
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    version,
    status: Number(status),
    bodyLength: Number(bodyLength),
    sha256,
    text: text === "-" ? "" : Buffer.from(text, "base64").toString(),
  };
}
