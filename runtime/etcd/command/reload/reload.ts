import { createSecureContext } from "node:tls";
import { given } from "@etcd-gateway/runtime/options";
import type { ServeFlags } from "../flags/flags.js";
import { FileWatch } from "./file-watch.js";

/** A server that can replace certificates and credentials. */
export interface Renewable {
  /** Uses the current content of the files: the certificates of both sides and the user. Calls in progress continue. */
  renew(flags: ServeFlags): void;
}

/** Options of reloading. */
export interface ReloadOptions {
  /** The files to watch. */
  readonly files: readonly string[];
  /** Reads the flags and the files that they name. */
  readonly read: () => ServeFlags;
  readonly log: (line: string) => void;
}

/**
 * Reads certificates, keys and the user file again when they change and on demand. If a file is invalid, it logs the
 * reason, and the server keeps what it has. It watches the files from the beginning, because they may change while the
 * server starts. The server is then updated when it has started.
 */
export class Reload {
  readonly #options: ReloadOptions;
  readonly #watch: FileWatch;
  #server: Renewable | undefined;
  /** The reason for a reload when the server has started, if there was one in the meantime. */
  #early: string | undefined;

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#watch = new FileWatch(options.files, (changed) => this.run(`${changed.join(", ")} changed`));
  }

  /** Sets the server when it has started. */
  attach(server: Renewable): void {
    this.#server = server;
    if (this.#early !== undefined) this.run(this.#early);
  }

  /**
   * Reloads the files, or does so when the server has started.
   *
   * @param reason the reason for the reload, for the log
   */
  run(reason: string): void {
    const { files, read, log } = this.#options;
    if (this.#server === undefined) {
      this.#early = reason;
      return;
    }
    if (files.length === 0) {
      log(`${reason}: there is nothing to reload`);
      return;
    }
    try {
      const flags = read();
      checkCertificates(flags);
      this.#server.renew(flags);
      log(`${reason}: reloaded the certificates and the user file`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log(`${reason}: ${message}; keeping the previous certificates and user file`);
    }
  }

  close(): void {
    this.#watch.close();
  }
}

/**
 * Checks all certificates before the first one is used. If one is invalid, none is used.
 *
 * @throws Error with the flags of the invalid certificate and the reason
 */
function checkCertificates({ listenTls, gateway: { tls } }: ServeFlags): void {
  if (listenTls !== undefined) check("--listen-cert and --listen-key", listenTls);
  if (tls !== undefined) check("--cacert, --cert and --key", given({ ca: tls.ca, cert: tls.cert, key: tls.key }));
}

function check(flags: string, pem: Parameters<typeof createSecureContext>[0]): void {
  try {
    createSecureContext(pem);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${flags} cannot be used: ${reason}`, { cause: error });
  }
}
