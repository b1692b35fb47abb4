import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { randomOctets, sha256, tenMebibytes } from "./octets.ts";

/** One static file of the site that every server peer serves. */
export interface SiteFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

interface Site {
  readonly directory: string;
  readonly hello: SiteFile;
  /** Ten mebibytes of random octets. */
  readonly large: SiteFile;
}

/** A temporary directory with what the peers need on disk. */
export interface Workspace {
  readonly directory: string;
  readonly certificate: Certificate;
  readonly site: Site;
  /** Writes a file, for instance a peer's configuration, and gives its path. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createWorkspace(): Promise<Workspace> {
  const directory = await mkdtemp(join(tmpdir(), "h2wire-interop-"));
  // Apache's workers run as another user and have to get through to the site.
  await chmod(directory, 0o755);
  return {
    directory,
    certificate: await makeCertificate(directory),
    site: await makeSite(join(directory, "site")),
    write: (name, text) => writeText(join(directory, name), text),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function makeSite(directory: string): Promise<Site> {
  await mkdir(directory);
  const hello = await makeFile(directory, "hello.txt", Buffer.from("hello from another program\n"));
  const large = await makeFile(directory, "large.bin", randomOctets(tenMebibytes));
  return { directory, hello, large };
}

async function makeFile(directory: string, name: string, octets: Uint8Array): Promise<SiteFile> {
  await writeFile(join(directory, name), octets);
  return { path: `/${name}`, size: octets.length, sha256: sha256(octets) };
}

async function writeText(path: string, text: string): Promise<string> {
  await writeFile(path, text);
  return path;
}
