import type { Binding, Rpc, Service } from "@etcd-gateway/runtime";
import { field, type MessageCodec, messageCodec } from "@etcd-gateway/runtime/codegen/v1";

/**
 * Returns a service with RoleRevokePermission as in etcd 3.1 to 3.3. There, `key` and `range_end` were strings. Since
 * 3.4 they are bytes, which is the same on the wire but not in JSON. The routes of this service must precede the
 * regular ones.
 *
 * @param rpc RoleRevokePermission
 * @param prefixes the path prefixes to serve it under, such as `/v3alpha`
 */
export function textRevocation(rpc: Rpc, prefixes: readonly string[]): Service {
  const bindings = rpc.bindings.flatMap((binding) => prefixes.map((prefix) => under(prefix, binding)));
  return {
    name: rpc.name.slice(0, rpc.name.lastIndexOf(".")),
    rpcs: { roleRevokePermission: { ...rpc, request: withText(rpc.request), bindings } },
  };
}

/** Returns the binding with a different first path segment. */
function under(prefix: string, binding: Binding): Binding {
  return { ...binding, template: binding.template.replace(/^\/[^/]*/, prefix) };
}

/** Returns the same message with strings instead of bytes. */
function withText({ name, fields, toJson }: MessageCodec): MessageCodec {
  const text = fields.map(({ number, name }) => [name, field(number, name, "string")] as const);
  return messageCodec({ name, fields: Object.fromEntries(text), toJson });
}
