import { RpcName } from "./rpc-names.js";

/** The gRPC paths of the RPCs in {@link RpcName}, such as `/etcdserverpb.KV/Range`. */
export const RpcPath: Readonly<Record<keyof typeof RpcName, string>> = pathsOf(RpcName);

function pathsOf<Names extends Readonly<Record<string, string>>>(names: Names): Readonly<Record<keyof Names, string>> {
  const paths = Object.entries(names).map(([key, name]) => [key, `/${name.replace(/\.(?=\w+$)/, "/")}`]);
  // The compiler cannot type fromEntries.
  return Object.fromEntries(paths) as Record<keyof Names, string>;
}
