import path from "node:path";
import type { PluginOptions } from "../options.js";
import type { ModuleRef } from "./source/module-ref.js";

/** A proto file's path without its ending. */
export function stem(proto: string): string {
  return proto.replace(/\.proto$/, "");
}

/** ts-proto's module of a proto file. */
export function messagesModule(proto: string, options: PluginOptions): ModuleRef {
  return { file: path.posix.join(options.messages, stem(proto)) };
}

/** Our module of a proto file's codecs. */
export function codecModule(proto: string): ModuleRef {
  return { file: `${stem(proto)}.codec` };
}

/** Our module of a proto file's services. */
export function gatewayModule(proto: string): ModuleRef {
  return { file: `${stem(proto)}.gateway` };
}

/** What of the runtime generated code uses; its version is part of its name, so that old output keeps working. */
export const RUNTIME: ModuleRef = { package: "@etcd-gateway/runtime/codegen/v1" };

/** What of the HTTP client's runtime generated clients use. */
export const CLIENT_RUNTIME: ModuleRef = { package: "@etcd-gateway/client/codegen/v1" };
