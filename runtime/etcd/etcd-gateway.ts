import type { IncomingMessage } from "node:http";
import {
  type Client,
  changedMetadata,
  createClient,
  createGateway,
  type Gateway,
  type Service,
  type TlsOptions,
  type Transport,
} from "@etcd-gateway/runtime";
import { given, milliseconds, readOptions } from "@etcd-gateway/runtime/options";
import { trusted } from "@etcd-gateway/runtime/transports";
import { services } from "../../generated/index.js";
import { exposedNames } from "./access/expose.js";
import { rejectingFatalRequests } from "./access/fatal-requests.js";
import { type Identities, identities } from "./access/identity.js";
import { Secrets } from "./access/secrets.js";
import { limitingSignIns } from "./access/sign-in-limit.js";
import { unauthenticatedTransport } from "./access/unauthenticated.js";
import { RpcName } from "./api/rpc-names.js";
import { dialectsOf } from "./dialect/dialect-choice.js";
import { textRevocation } from "./dialect/text-revocation.js";
import { IDEMPOTENT, isKnown, isServedPrefix, prefixAliases, UNLIMITED } from "./generated-api.js";
import type { EtcdCredentials, EtcdGatewayOptions } from "./options/etcd-gateway-options.js";
import { ETCD_GATEWAY_OPTIONS, type EtcdGatewaySettings } from "./options/etcd-gateway-settings.js";
import { publishedVersions } from "./probes/published-version.js";
import type { Versions } from "./probes/versions.js";
import { resumingTransport } from "./streams/resuming-transport.js";
import { watchEvents } from "./streams/watch/watch-events.js";

/** A gateway to etcd. */
export interface EtcdGateway extends Gateway {
  /**
   * Calls etcd with typed messages over the gateway's connections, until it is closed. `timeouts.unary` limits these
   * calls too, but `access.expose` does not.
   */
  readonly client: Client<typeof services>;
  /**
   * Reads the versions that etcd publishes over HTTP without authentication. It uses the first endpoint that responds.
   *
   * @param timeout the time limit of each endpoint, in milliseconds
   * @throws AggregateError if no endpoint returns its version
   */
  publishedVersions(timeout: number): Promise<Versions>;
  /**
   * Replaces the certificates for TLS to etcd, for example before they expire. They apply to new connections. No call
   * ends, and the server name to verify does not change.
   *
   * @throws TypeError if they are invalid, if the gateway does not use TLS to etcd, or if a client certificate would be
   * added or removed, which would change the rights of requests
   */
  setSecureContext(tls: Omit<TlsOptions, "serverName">): void;
  /**
   * Replaces the user and password with which the gateway signs in to etcd. Streams keep the token that they began
   * with.
   *
   * @throws TypeError if they are invalid, or if the gateway has no `access.credentials`
   */
  setCredentials(credentials: EtcdCredentials): void;
}

const VERSION_TIMEOUT = milliseconds({ text: "how long an endpoint may take to tell its version", from: 1 }).required();

/**
 * Makes etcd's JSON API as a router for an Express app.
 *
 * ```ts
 * const gateway = etcdGateway({ endpoints: ["127.0.0.1:2379"] });
 * app.use(gateway.router);
 * ```
 *
 * It connects to etcd on the first request. Mount it before body parsers, because it parses bodies itself, without loss
 * of precision.
 *
 * @throws TypeError if an option is invalid. The message contains its path, its value and what is expected.
 */
export function etcdGateway<Req extends IncomingMessage = IncomingMessage>(
  options: EtcdGatewayOptions<Req>,
): EtcdGateway {
  const settings = readOptions(ETCD_GATEWAY_OPTIONS, options, "etcdGateway");
  const secrets = new Secrets(settings);
  const transports = transportsOf(settings, secrets);
  const gateway = gatewayOf(settings, transports);
  return {
    ...gateway,
    client: clientOf(settings, transports),
    async publishedVersions(timeout) {
      const limit = VERSION_TIMEOUT.readArgument(timeout, "timeout");
      return publishedVersions({ ...settings, tls: secrets.tls }, limit);
    },
    setSecureContext: (tls) => secrets.setSecureContext(tls),
    setCredentials: (credentials) => secrets.setCredentials(credentials),
    async close(grace) {
      await gateway.close(grace);
      transports.own.close();
    },
  };
}

/** Builds the transports that carry the calls of a gateway. */
function transportsOf({ access, limits, timeouts }: EtcdGatewaySettings, secrets: Secrets): Identities {
  const { requests, own, mapMetadata } = identities(secrets, access.actAs);
  const lasting = (transport: Transport): Transport =>
    rejectingFatalRequests(
      resumingTransport(transport, {
        timeout: timeouts.resume,
        refusals: access.refusals,
        maxWatches: limits.maxWatches,
      }),
    );
  const ofRequests = lasting(requests);
  const byStatus = access.refusals === "status" ? unauthenticatedTransport(ofRequests) : ofRequests;
  return {
    requests: trusted(limitingSignIns(byStatus, limits.maxSignIns)),
    own: trusted(own === requests ? ofRequests : lasting(own)),
    mapMetadata,
  };
}

function gatewayOf(
  {
    access,
    json,
    limits: { maxSignIns, maxWatches, ...limits },
    timeouts: { connect, resume, ...timeouts },
    browsers,
    metadata,
    ...settings
  }: EtcdGatewaySettings,
  { requests, mapMetadata }: Identities,
): Gateway {
  const { textRevocation: prefixes, unknownFields, trailingData } = json;
  return createGateway({
    // This service comes first, because the first of several routes with the same path is served.
    services: { textRevocation: textRevocationOf(prefixes), ...services },
    transport: requests,
    forwardHeaders: settings.forwardHeaders,
    metadata: (req, rpc, fromHeaders) =>
      mapMetadata(metadata === undefined ? fromHeaders : changedMetadata(fromHeaders, metadata(req, rpc, fromHeaders))),
    ...dialectsOf(settings.dialect, (prefix) => isServedPrefix(prefix, access.unboundRpcs)),
    aliases: prefixAliases(),
    bytes: settings.bytes,
    // An enum number that etcd does not know can crash the whole server. Some of them also prevent its restart.
    json: { unknownEnumNumbers: "reject", unknownFields, trailingData },
    idempotent: IDEMPOTENT,
    access: { unboundRpcs: access.unboundRpcs, ...given({ expose: exposedNames(access.expose, isKnown) }) },
    limits,
    timeouts: { ...timeouts, rpcs: withoutLimit() },
    browsers: given(browsers),
    streams: { ...settings.streams, events: { [RpcName.watch]: watchEvents } },
    observers: settings.observers,
    interceptors: settings.interceptors,
    responses: given(settings.responses),
    ...given({ onError: settings.onError }),
  });
}

function clientOf({ timeouts }: EtcdGatewaySettings, { own }: Identities): Client<typeof services> {
  return createClient(services, own, {
    timeouts: { unary: timeouts.unary, rpcs: withoutLimit() },
    idempotent: IDEMPOTENT,
  });
}

function withoutLimit(): Readonly<Record<string, number>> {
  return Object.fromEntries(UNLIMITED.map((rpc) => [rpc, 0]));
}

function textRevocationOf(prefixes: readonly string[]): Service {
  return textRevocation(services.auth.rpcs.roleRevokePermission, prefixes);
}
