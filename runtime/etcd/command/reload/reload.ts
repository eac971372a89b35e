import { createSecureContext } from "node:tls";
import { given } from "@etcd-gateway/runtime/options";
import type { ServeFlags } from "../flags/flags.js";
import { FileWatch } from "./file-watch.js";

/** What uses the files that flags name. */
export interface Renewable {
  /** Takes what the files have now: certificates of both sides, and the user. All that is under way goes on. */
  renew(flags: ServeFlags): void;
}

/** What there is to read anew. */
export interface ReloadOptions {
  /** The files. */
  readonly files: readonly string[];
  /** Reads the flags, and the files that they name. */
  readonly read: () => ServeFlags;
  readonly log: (line: string) => void;
}

/**
 * Reads certificates, keys and the user again when their files change, and when it is asked to. It says what cannot be used;
 * then what was read before stays. It watches from the beginning, and renews the server once that is there: files may change
 * while the server starts.
 */
export class Reload {
  readonly #options: ReloadOptions;
  readonly #watch: FileWatch;
  #server: Renewable | undefined;
  /** Why to reload as soon as the server is there. */
  #early: string | undefined;

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#watch = new FileWatch(options.files, (changed) => this.run(`${changed.join(", ")} changed`));
  }

  /** Gives it the server, which has started. */
  attach(server: Renewable): void {
    this.#server = server;
    if (this.#early !== undefined) this.run(this.#early);
  }

  /** @param reason why, for the log */
  run(reason: string): void {
    const { files, read, log } = this.#options;
    if (this.#server === undefined) {
      this.#early = reason;
      return;
    }
    if (files.length === 0) {
      log(`${reason}: there is nothing to reload; going on`);
      return;
    }
    try {
      const flags = read();
      checkCertificates(flags);
      this.#server.renew(flags);
      log(`${reason}: took the certificates and the user anew from their files`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log(`${reason}: ${message}; going on with what was read before`);
    }
  }

  close(): void {
    this.#watch.close();
  }
}

/**
 * Looks at all certificates before one of them is used, so that none is if one cannot be.
 *
 * @throws Error that says of which side one cannot be used, and why
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
