import { createClient, GatewayError, Status, type Transport } from "@etcd-gateway/runtime";
import { services } from "../../../generated/index.js";
import type { EtcdCredentials } from "../options/etcd-gateway-options.js";
import { tokenFault } from "./token-fault.js";

/** What etcd said to the gateway's user and password. */
export interface OwnSession {
  /** The token to make calls with; absent while etcd's authentication is not enabled: then none is needed. */
  readonly token: string | undefined;
  /** When it began, as `performance.now()` tells time. */
  readonly since: number;
}

/**
 * How old a session may be that a stream begins with, in milliseconds, and how long a session is a new one: its token
 * cannot have expired.
 */
export const FRESH = 1_000;

/** Whether etcd refused a call because it no longer takes the token, or because it has needed one since. */
export function isRefused(session: OwnSession | undefined, { code, message }: GatewayError): boolean {
  const fault = tokenFault(message);
  if (fault === "missing") return session?.token === undefined;
  return fault !== undefined || code === Status.UNAUTHENTICATED;
}

/** How long etcd may take to check the password, in milliseconds. */
const SIGN_IN_TIMEOUT = 10_000;
/** How long a refusal stands before etcd is asked again, in milliseconds: checking a password is hard work for it. */
const REFUSAL_STANDS = 1_000;

/**
 * The gateway signed in to etcd as a user of its own. However many calls need a token, there is one request for it under
 * way at most.
 */
export class OwnSessions {
  readonly #authenticate: (credentials: EtcdCredentials) => Promise<string>;
  #credentials: EtcdCredentials;
  #session: OwnSession | undefined;
  #refusal: { readonly error: GatewayError; readonly at: number } | undefined;
  #pending: Promise<OwnSession> | undefined;

  constructor(transport: Transport, credentials: EtcdCredentials) {
    const { auth } = createClient({ auth: services.auth }, transport, { timeouts: { unary: SIGN_IN_TIMEOUT } });
    this.#authenticate = async ({ user, password }) => (await auth.authenticate({ name: user, password })).token;
    this.#credentials = credentials;
  }

  /** Takes another user or password. Calls that begin from now on wait for a session of it. */
  setCredentials(credentials: EtcdCredentials): void {
    this.#credentials = credentials;
    this.#session = undefined;
    this.#refusal = undefined;
    this.#pending = undefined;
  }

  /** The session begun last, which etcd may have ended since. */
  get latest(): OwnSession | undefined {
    return this.#session;
  }

  /**
   * Begins a session, or gives the one that was begun since `stale`.
   *
   * @param stale a session that etcd no longer takes, or that is too old
   * @throws GatewayError `UNAVAILABLE` if etcd refuses the user or the password, or whatever else befell the request
   */
  begin(stale: OwnSession | undefined): Promise<OwnSession> {
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

  /** Takes note that etcd no longer takes a session, for calls that begin later. */
  expire(session: OwnSession): void {
    if (this.#session === session) this.#session = undefined;
  }

  async #signIn(credentials: EtcdCredentials): Promise<OwnSession> {
    const token = await this.#authenticate(credentials).catch((thrown: unknown) => {
      const error = GatewayError.from(thrown);
      if (error.code === Status.INVALID_ARGUMENT) throw this.#refused(error, credentials);
      if (error.code !== Status.FAILED_PRECONDITION) throw error;
      // Authentication is not enabled.
      return undefined;
    });
    const session = { token, since: performance.now() };
    // Calls that waited may have it, but no later ones, if there are other credentials by now.
    if (credentials === this.#credentials) this.#session = session;
    return session;
  }

  #refused(cause: GatewayError, credentials: EtcdCredentials): GatewayError {
    const error = new GatewayError(Status.UNAVAILABLE, "etcd rejects the gateway's own user or password", { cause });
    if (credentials === this.#credentials) this.#refusal = { error, at: performance.now() };
    return error;
  }
}
