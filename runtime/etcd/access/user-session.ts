import { createClient, GatewayError, Status, type Transport } from "@etcd-gateway/runtime";
import { services } from "../../../generated/index.js";
import { tokenFault } from "../api/token-fault.js";
import type { EtcdCredentials } from "../options/etcd-gateway-options.js";

/** A session of the gateway's own user in etcd. */
export interface UserSession {
  /** The token for calls. Undefined while etcd's authentication is disabled, because calls then need none. */
  readonly token: string | undefined;
  /** When the session began, in milliseconds of `performance.now()`. */
  readonly since: number;
}

/**
 * How long a session counts as fresh, in milliseconds. The token of a fresh session cannot have expired. Streams begin
 * with fresh sessions only.
 */
export const FRESH = 1_000;

/**
 * Whether etcd refused a call because it no longer accepts the token, or because authentication was enabled after the
 * session began.
 */
export function isRefused(session: UserSession | undefined, { code, message }: GatewayError): boolean {
  const fault = tokenFault(message);
  if (fault === "missing") return session?.token === undefined;
  return fault !== undefined || code === Status.UNAUTHENTICATED;
}

/** The time limit of a sign-in, in milliseconds. */
const SIGN_IN_TIMEOUT = 10_000;
/**
 * How long a refusal is cached before the gateway signs in again, in milliseconds. Checking a password costs etcd much
 * CPU time.
 */
const REFUSAL_STANDS = 1_000;

/**
 * Signs the gateway in to etcd as a user of its own. At most one sign-in is in progress, for any number of calls that
 * need a token.
 */
export class UserSessions {
  readonly #authenticate: (credentials: EtcdCredentials) => Promise<string>;
  #credentials: EtcdCredentials;
  #session: UserSession | undefined;
  #refusal: { readonly error: GatewayError; readonly at: number } | undefined;
  #pending: Promise<UserSession> | undefined;

  constructor(transport: Transport, credentials: EtcdCredentials) {
    const { auth } = createClient({ auth: services.auth }, transport, { timeouts: { unary: SIGN_IN_TIMEOUT } });
    this.#authenticate = async ({ user, password }) => (await auth.authenticate({ name: user, password })).token;
    this.#credentials = credentials;
  }

  /** Replaces the user and password. Calls that begin from now on wait for a session with the new ones. */
  setCredentials(credentials: EtcdCredentials): void {
    this.#credentials = credentials;
    this.#session = undefined;
    this.#refusal = undefined;
    this.#pending = undefined;
  }

  /** The latest session, which etcd may have ended. */
  get latest(): UserSession | undefined {
    return this.#session;
  }

  /**
   * Begins a session, or returns one that has begun since `stale`.
   *
   * @param stale a session that etcd no longer accepts or that is too old
   * @throws GatewayError `UNAVAILABLE` if etcd refuses the user or the password, or the error of the request if it
   * fails otherwise
   */
  begin(stale: UserSession | undefined): Promise<UserSession> {
    if (this.#session !== undefined && this.#session !== stale) return Promise.resolve(this.#session);
    if (this.#refusal !== undefined && performance.now() - this.#refusal.at < REFUSAL_STANDS) {
      return Promise.reject(this.#refusal.error);
    }
    if (this.#pending !== undefined) return this.#pending;
    const credentials = this.#credentials;
    const pending = this.#signIn(credentials).finally(() => {
      if (this.#pending === pending) this.#pending = undefined;
    });
    this.#pending = pending;
    return pending;
  }

  /** Drops a session that etcd no longer accepts, so that later calls do not use it. */
  expire(session: UserSession): void {
    if (this.#session === session) this.#session = undefined;
  }

  async #signIn(credentials: EtcdCredentials): Promise<UserSession> {
    const token = await this.#authenticate(credentials).catch((thrown: unknown) => {
      const error = GatewayError.from(thrown);
      if (error.code === Status.INVALID_ARGUMENT) throw this.#refused(error, credentials);
      if (error.code !== Status.FAILED_PRECONDITION) throw error;
      // Authentication is not enabled.
      return undefined;
    });
    const session = { token, since: performance.now() };
    // If the credentials have been replaced meanwhile, the calls that waited still get this session, but later calls do
    // not.
    if (credentials === this.#credentials) this.#session = session;
    return session;
  }

  #refused(cause: GatewayError, credentials: EtcdCredentials): GatewayError {
    const error = new GatewayError(Status.UNAVAILABLE, "etcd refused the gateway's own user or password", { cause });
    if (credentials === this.#credentials) this.#refusal = { error, at: performance.now() };
    return error;
  }
}
