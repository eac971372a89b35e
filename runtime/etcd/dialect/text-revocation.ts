import type { Binding, Rpc, Service } from "@etcd-gateway/runtime";
import { field, type MessageCodec, messageCodec } from "@etcd-gateway/runtime/codegen/v1";

/**
 * The service that has RoleRevokePermission as etcd 3.1 to 3.3 had it: `key` and `range_end` were strings there, and are
 * bytes since 3.4, which is the same on the wire but not in JSON. Its routes must come before the usual ones.
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

/** The binding with another first segment. */
function under(prefix: string, binding: Binding): Binding {
  return { ...binding, template: binding.template.replace(/^\/[^/]*/, prefix) };
}

/** The same message with strings for bytes. */
function withText({ name, fields, toJson }: MessageCodec): MessageCodec {
  const text = fields.map(({ number, name }) => [name, field(number, name, "string")] as const);
  return messageCodec({ name, fields: Object.fromEntries(text), toJson });
}
