import type { Service } from "../call/rpc.js";
import { MessageCodec } from "../json/codec.js";
import { GOOGLE_RPC } from "../json/google-rpc/error-details.js";
import type { TypeRegistry } from "../json/type-registry.js";

/** Where services have the modules with all codecs of their API; a copy by `{ ...services }` has them too. */
const CODEC_MODULES: unique symbol = Symbol.for("@etcd-gateway/runtime/codec-modules");

/** What may have all codecs of an API with it. */
interface WithCodecs {
  readonly [CODEC_MODULES]?: readonly object[];
}

/**
 * Adds all codecs of an API to its services: a `google.protobuf.Any` may hold messages that no request and no response
 * leads to.
 *
 * @param modules the modules that export the codecs
 */
export function withCodecs<Services extends object>(services: Services, modules: readonly object[]): Services {
  return { ...services, [CODEC_MODULES]: modules };
}

/**
 * The message types that an `Any` may hold: the requests and responses of services, the messages in them, and what
 * {@link withCodecs} has added.
 *
 * @param services by name, or a list
 * @param others further types, which win over those of the services
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
 * The message types that the details of errors may have: google.rpc's own are the same for every API, whatever names its
 * protos, and its generated code, have for them.
 *
 * @param types those of the API
 * @param others those that an app gives, which win
 */
export function detailTypesOf(types: TypeRegistry, others: readonly MessageCodec[]): TypeRegistry {
  const named = (codecs: readonly MessageCodec[]): Map<string, MessageCodec> =>
    new Map(codecs.map((codec) => [codec.name, codec]));
  return new Map([...types, ...named(GOOGLE_RPC), ...named(others)]);
}
