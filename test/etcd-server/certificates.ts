import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The paths of PEM files with a certificate and its private key. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for one test, with a certificate for a server on 127.0.0.1 and one for a client. */
export interface Certificates {
  readonly ca: KeyPair;
  readonly server: KeyPair;
  readonly client: KeyPair;
  /** Deletes the files. */
  remove(): Promise<void>;
}

/** Makes certificates with the `openssl` command. They are valid for two days. */
export async function makeCertificates(clientName = "client"): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), "etcd-certificates-"));
  const ca = pair(folder, "ca");
  const requestKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl([
    "req",
    "-x509",
    ...requestKey,
    "-days",
    "2",
    "-subj",
    "/CN=test authority",
    "-keyout",
    ca.key,
    "-out",
    ca.cert,
  ]);

  async function issue(name: string, subject: string, extensions: string): Promise<KeyPair> {
    const { cert, key } = pair(folder, name);
    const request = join(folder, `${name}.csr`);
    const extensionFile = join(folder, `${name}.ext`);
    await writeFile(extensionFile, extensions);
    await openssl(["req", "-new", ...requestKey, "-subj", `/CN=${subject}`, "-keyout", key, "-out", request]);
    const authority = ["-CA", ca.cert, "-CAkey", ca.key, "-CAcreateserial"];
    await openssl([
      "x509",
      "-req",
      ...authority,
      "-days",
      "2",
      "-extfile",
      extensionFile,
      "-in",
      request,
      "-out",
      cert,
    ]);
    return { cert, key };
  }

  // etcd's server also uses its certificate as a client of its own gRPC port.
  const server = await issue(
    "server",
    "server",
    "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n",
  );
  const client = await issue("client", clientName, "extendedKeyUsage=clientAuth\n");
  return { ca, server, client, remove: () => rm(folder, { recursive: true, force: true }) };
}

function pair(folder: string, name: string): KeyPair {
  return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
}

async function openssl(args: readonly string[]): Promise<void> {
  await promisify(execFile)("openssl", args).catch((error: unknown) => {
    throw new Error("certificates for a test need the command openssl: install Debian's package openssl", {
      cause: error,
    });
  });
}
