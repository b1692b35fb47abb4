/** The command line: every command, every argument, every word of help. */
import { Argument, Command, Option } from "commander";
import {
  collectField,
  collectText,
  parseMethod,
  parseMilliseconds,
  parsePath,
  parsePort,
  parseSeconds,
  parseWorkers,
} from "./argument-values.ts";
import { EXIT_CODE_MEANINGS } from "./exit-code.ts";
import { printableText } from "./terminal.ts";

export interface ServeOptions {
  /** 0 for a free one. */
  readonly port: number;
  readonly host: string;
  readonly tls?: true;
  /** Files in PEM, both or none. */
  readonly cert?: string;
  readonly key?: string;
  readonly http1: boolean;
  readonly upgrade?: "accept" | "ignore" | "reject";
  readonly cors?: true;
  readonly spa?: true;
  readonly listing: boolean;
  readonly workers?: number | "auto";
  /** Milliseconds. */
  readonly drainTimeout: number;
  readonly log: "text" | "json" | "none";
  /** A path, from a slash on. */
  readonly metrics?: string;
}

export interface GetOptions {
  readonly verbose?: true;
  readonly include?: true;
  readonly output?: string;
  readonly json?: true;
  readonly insecure?: true;
  readonly data?: readonly string[];
  readonly request?: string;
  readonly header?: readonly (readonly [name: string, value: string])[];
  readonly upgrade?: true;
  readonly priorKnowledge?: true;
  readonly "http1.1"?: true;
  /** Milliseconds. */
  readonly maxTime?: number;
}

export interface DemoOptions {
  readonly once?: true;
}

/** What the commands do. */
export interface Commands {
  serve(target: string | undefined, options: ServeOptions): Promise<void>;
  get(url: string, options: GetOptions): Promise<void>;
  demo(options: DemoOptions): Promise<void>;
}

/** The program, to be given the arguments. For wrong ones, and for help, it throws a `CommanderError`. */
export function commandLine(commands: Commands, version: string): Command {
  const program = new Command("h2wire")
    .description("HTTP/2 with every way into it: a server, a client, and a demonstration of both.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(`h2wire: ${printableText(text.replace(/^error: /, "").trimEnd())}\n`),
    });
  addServe(program, commands);
  addGet(program, commands);
  addDemo(program, commands);
  return program.addHelpText(
    "after",
    "\nExample:\n  h2wire serve --port 8080 &\n  h2wire get -v --prior-knowledge http://127.0.0.1:8080/hello",
  );
}

function addServe(program: Command, { serve }: Commands): void {
  program
    .command("serve")
    .summary("serve a folder, a module, or an echo")
    .description(
      "Serves the files of a folder, or the application of a module, or answers each\n" +
        "request with an account of it in JSON. One port speaks HTTP/2 and HTTP/1.1.",
    )
    .addArgument(new Argument("[target]", "a folder, or a module").argOptional())
    .optionsGroup("The port:")
    .addOption(new Option("-p, --port <n>", "the port, 0 for a free one").argParser(parsePort).default(8080))
    .option("--host <host>", "the address to listen on", "127.0.0.1")
    .addOption(new Option("--tls", "TLS with a certificate made for the occasion").conflicts(["cert", "key"]))
    .option("--cert <file>", "TLS with this certificate (PEM)")
    .option("--key <file>", "the key of the certificate (PEM)")
    .option("--no-http1", "HTTP/2 only")
    .addOption(
      new Option(
        "--upgrade <policy>",
        "what a request for Upgrade to h2c gets; by default accept on the loopback, ignore elsewhere",
      ).choices(["accept", "ignore", "reject"]),
    )
    .optionsGroup("What is served:")
    .option("--cors", "let pages of every origin read the answers")
    .option("--spa", "a folder's index.html answers for pages that are not there")
    .option("--no-listing", "no page that lists a folder without index.html")
    .optionsGroup("The process:")
    .addOption(
      new Option("--workers <n>", "serve with this many processes, auto for one a core").argParser(
        parseWorkers,
      ),
    )
    .addOption(
      new Option("--drain-timeout <ms>", "the longest time for requests under way at the end")
        .argParser(parseMilliseconds)
        .default(30_000),
    )
    .addOption(
      new Option("--log <format>", "how requests are told").choices(["text", "json", "none"]).default("text"),
    )
    .addOption(
      new Option("--metrics <path>", "answer this path with figures for Prometheus").argParser(parsePath),
    )
    .addHelpText("after", SERVE_HELP)
    .showHelpAfterError("Try: h2wire serve --help")
    .action(serve);
}

function addGet(program: Command, { get }: Commands): void {
  program
    .command("get")
    .summary("send one request")
    .description("Sends one request. The body goes to the standard output, all else to the standard error.")
    .argument("<url>", "http:// or https://; without either, http://")
    .option("-v, --verbose", "show the frames in and out, with decoded fields")
    .option("-i, --include", "show the head of the response, and its trailers")
    .option("-o, --output <file>", "write the body to a file")
    .option("--json", "print an account of the exchange in JSON instead of the body")
    .option("-k, --insecure", "take any certificate")
    .option(
      "-d, --data <data>",
      "send this body by POST; @FILE for a file's, @- for the standard input's",
      collectText,
    )
    .addOption(new Option("-X, --request <method>", "the method").argParser(parseMethod))
    .option("-H, --header <field>", 'a field of the request, "Name: value"', collectField)
    .addOption(new Option("--upgrade", "ask for h2c by Upgrade").conflicts(["priorKnowledge", "http1.1"]))
    .addOption(new Option("--prior-knowledge", "speak HTTP/2 at once, without TLS").conflicts("http1.1"))
    .option("--http1.1", "speak HTTP/1.1")
    .addOption(
      new Option("-m, --max-time <seconds>", "the longest time for all of it").argParser(parseSeconds),
    )
    .addHelpText("after", `${GET_HELP}\n\n${exitCodeHelp()}`)
    .showHelpAfterError("Try: h2wire get --help")
    .action(get);
}

function addDemo(program: Command, { demo }: Commands): void {
  program
    .command("demo")
    .summary("show client and server by every way into HTTP/2")
    .description(
      "Lets the client and the server of h2wire meet on this machine by every way into HTTP/2,\n" +
        "prints what came of it, and keeps serving.",
    )
    .option("--once", "end then: with 0 if every way resulted in what it should, else with 1")
    .addHelpText("after", DEMO_HELP)
    .showHelpAfterError("Try: h2wire demo --help")
    .action(demo);
}

const SERVE_HELP: string = `
Of a folder, NAME.br and NAME.gz are sent for NAME to who accepts the coding. Names that
begin with a dot, and what is outside, are not served. With --spa a name with an ending,
such as .js, is still one of a file.

The default export of a module is { fetch(request) }, or a function (request, response)
as an application of Express is.

Without a target the query of a request asks for something special:
  delay=MS     wait before the answer
  size=N       answer with N octets of a pattern
  status=N     answer with this status
  chunks=N     write the body in N pieces, without a content-length
  trailers=1   put trailers behind the body

Signals:
  SIGTERM, SIGINT   end when the requests under way are done; a second one ends at once
  SIGHUP            with --workers replace one worker after the other, without losing a
                    request; without, read --cert and --key again

Example:
  h2wire serve ./public --port 8443 --tls
  curl -k https://127.0.0.1:8443/

  h2wire serve ./dist --spa --workers auto --cert site.pem --key site.key --host 0.0.0.0`;

const GET_HELP: string = `
An https:// URL gets HTTP/2 or HTTP/1.1, as ALPN negotiates. An http:// URL gets
HTTP/1.1, unless --upgrade or --prior-knowledge asks for HTTP/2.

Example:
  h2wire get -i --upgrade -d 'a=1' http://127.0.0.1:8080/form`;

const DEMO_HELP: string = `
Example:
  h2wire demo --once`;

function exitCodeHelp(): string {
  const lines = Object.entries(EXIT_CODE_MEANINGS).map(
    ([code, meaning]) => `  ${code.padStart(2)}  ${meaning}`,
  );
  return `Exit codes (from 3 on those of curl):\n${lines.join("\n")}`;
}
