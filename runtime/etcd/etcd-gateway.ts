import type { IncomingMessage } from "node:http";
import {
  type Client,
  createClient,
  createGateway,
  type Gateway,
  grpcTransport,
  type Service,
  type Transport,
} from "@etcd-gateway/runtime";
import { given, readOptions } from "@etcd-gateway/runtime/options";
import { services } from "../../generated/index.js";
import { exposedNames } from "./access/expose.js";
import { refusingFatalRequests } from "./access/fatal-requests.js";
import { type Identities, identities } from "./access/identity.js";
import { limitingSignIns } from "./access/sign-in-limit.js";
import { unauthenticatedTransport } from "./access/unauthenticated.js";
import { IDEMPOTENT, isKnown, prefixAliases, UNLIMITED, WATCH } from "./api-rpcs.js";
import { dialectsOf } from "./dialect/dialect-choice.js";
import { textRevocation } from "./dialect/text-revocation.js";
import type { EtcdGatewayOptions } from "./options/etcd-gateway-options.js";
import { ETCD_GATEWAY_OPTIONS, type EtcdGatewaySettings } from "./options/etcd-gateway-settings.js";
import { publishedVersions } from "./probes/published-version.js";
import type { Versions } from "./probes/versions.js";
import { resumingTransport } from "./streams/resuming-transport.js";
import { watchEvents } from "./streams/watch/watch-events.js";

/** A gateway to etcd. */
export interface EtcdGateway extends Gateway {
  /** Calls etcd with typed messages over the gateway's connections, until it is closed. */
  readonly client: Client<typeof services>;
  /**
   * The versions that etcd tells everybody over HTTP, beside gRPC: those of the first endpoint that tells.
   *
   * @param timeout how long each endpoint may take, in milliseconds
   * @throws AggregateError if none tells
   */
  publishedVersions(timeout: number): Promise<Versions>;
}

/**
 * Makes etcd's JSON API, as a router for an Express app.
 *
 * ```ts
 * const gateway = etcdGateway({ endpoints: ["127.0.0.1:2379"] });
 * app.use(gateway.router);
 * ```
 *
 * It connects on the first request. Mount it before body parsers: it reads bodies itself, to the last digit.
 *
 * @throws TypeError if an option cannot be used: with its path, the value and what it must be
 */
export function etcdGateway<Req extends IncomingMessage = IncomingMessage>(
  options: EtcdGatewayOptions<Req>,
): EtcdGateway {
  const settings = readOptions(ETCD_GATEWAY_OPTIONS, options, "etcdGateway");
  const transports = transportsOf(settings);
  const gateway = gatewayOf(settings, transports, options);
  return {
    ...gateway,
    client: clientOf(settings, transports),
    publishedVersions: (timeout) => publishedVersions(settings, timeout),
    async close(grace) {
      await gateway.close(grace);
      transports.own.close();
    },
  };
}

/** By what the calls of a gateway are made. */
function transportsOf({ endpoints, channel, tls, access, limits, timeouts }: EtcdGatewaySettings): Identities {
  const connections = grpcTransport({
    endpoints,
    channel,
    connectTimeout: timeouts.connect,
    ...(tls !== undefined && { tls: given(tls) }),
  });
  const { requests, own, mapMetadata } = identities(connections, access, tls?.cert !== undefined);
  const lasting = (transport: Transport): Transport =>
    refusingFatalRequests(
      resumingTransport(transport, {
        timeout: timeouts.resume,
        refusals: access.refusals,
        maxWatches: limits.maxWatches,
      }),
    );
  const ofRequests = lasting(requests);
  const byStatus = access.refusals === "status" ? unauthenticatedTransport(ofRequests) : ofRequests;
  return {
    requests: limitingSignIns(byStatus, limits.maxSignIns),
    own: own === requests ? ofRequests : lasting(own),
    mapMetadata,
  };
}

/** @param interceptors as they were given: their types are the services' */
function gatewayOf<Req extends IncomingMessage>(
  { access, json, limits: { maxSignIns, maxWatches, ...limits }, timeouts, browsers, ...settings }: EtcdGatewaySettings,
  { requests, mapMetadata }: Identities,
  { interceptors }: Pick<EtcdGatewayOptions<Req>, "interceptors">,
): Gateway {
  const { unary, body, stall } = timeouts;
  const { textRevocation: prefixes, unknownFields, trailingData } = json;
  return createGateway({
    // Before the others, as the first of routes with the same path is served.
    services: { textRevocation: textRevocationOf(prefixes), ...services },
    transport: requests,
    mapMetadata,
    ...dialectsOf(settings.dialect),
    aliases: prefixAliases(),
    bytes: settings.bytes,
    // An enum number that etcd does not know can end the whole server, and some of them its restart too.
    json: { unknownEnumNumbers: "refuse", unknownFields, trailingData },
    idempotent: IDEMPOTENT,
    access: { unboundRpcs: access.unboundRpcs, ...given({ expose: exposedNames(access.expose, isKnown) }) },
    limits,
    timeouts: { unary, body, stall, rpcs: withoutLimit() },
    browsers: given(browsers),
    streams: { ...settings.streams, events: { [WATCH]: watchEvents } },
    observers: settings.observers,
    ...given({ interceptors, onError: settings.onError }),
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
