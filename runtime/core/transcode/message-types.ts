import type { Service } from "../call/rpc.js";
import { MessageCodec } from "../json/codec.js";
import { GOOGLE_RPC } from "../json/google-rpc/detail-types.js";
import type { TypeRegistry } from "../json/type-registry.js";

/** The key under which services hold the modules with all codecs of their API. A copy by `{ ...services }` keeps it. */
const CODEC_MODULES: unique symbol = Symbol.for("@etcd-gateway/runtime/codec-modules");

/** An object that may hold all codecs of an API. */
interface WithCodecs {
  readonly [CODEC_MODULES]?: readonly object[];
}

/**
 * Adds all codecs of an API to its services. A `google.protobuf.Any` may hold messages that are not reachable from any
 * request or response.
 *
 * @param modules the modules that export the codecs
 */
export function withCodecs<Services extends object>(services: Services, modules: readonly object[]): Services {
  return { ...services, [CODEC_MODULES]: modules };
}

/**
 * Collects the message types that an `Any` may hold: the requests and responses of services, the messages in them, and
 * the codecs added by {@link withCodecs}.
 *
 * @param services by name, or a list
 * @param others further types, which take precedence over those of the services
 */
export function messageTypesOf(services: object, others: readonly MessageCodec[] = []): TypeRegistry {
  const types = new Map<string, MessageCodec>();
  const add = (codecs: readonly MessageCodec[]): void => {
    const pending = [...codecs];
    for (let codec = pending.pop(); codec !== undefined; codec = pending.pop()) {
      if (types.has(codec.name)) continue;
      types.set(codec.name, codec);
      for (const field of codec.fields) if (field.type === "message") pending.push(field.message);
    }
  };
  add(others);
  const rpcs = Object.values<Service>({ ...services }).flatMap((service) => Object.values(service.rpcs));
  add(rpcs.flatMap(({ request, response }) => [request, response]));
  const { [CODEC_MODULES]: modules = [] }: WithCodecs = services;
  add(modules.flatMap((module) => Object.values(module)).filter((each) => each instanceof MessageCodec));
  return types;
}

/**
 * Collects the message types that the details of errors may have. The built-in types of google.rpc replace those of the
 * API. They are therefore the same for every API, whatever names its protos and its generated code have for them.
 *
 * @param types the types of the API
 * @param others the app's own types, which take precedence
 */
export function detailTypesOf(types: TypeRegistry, others: readonly MessageCodec[]): TypeRegistry {
  const named = (codecs: readonly MessageCodec[]): Map<string, MessageCodec> =>
    new Map(codecs.map((codec) => [codec.name, codec]));
  return new Map([...types, ...named(GOOGLE_RPC), ...named(others)]);
}
