import path from "node:path";
import type { PluginOptions } from "../plugin-options.js";
import type { ModuleRef } from "./source/module-ref.js";

/** Removes the extension of a proto file's path. */
export function stem(proto: string): string {
  return proto.replace(/\.proto$/, "");
}

/** The module with ts-proto's output for a proto file. */
export function messagesModule(proto: string, options: PluginOptions): ModuleRef {
  return { file: path.posix.join(options.messages, stem(proto)) };
}

/** The module with the codecs of a proto file. */
export function codecModule(proto: string): ModuleRef {
  return { file: `${stem(proto)}.codec` };
}

/** The module with the services of a proto file. */
export function gatewayModule(proto: string): ModuleRef {
  return { file: `${stem(proto)}.gateway` };
}

/** The runtime's entry point for generated code. Its version is part of its name, so that old output keeps working. */
export const RUNTIME: ModuleRef = { package: "@etcd-gateway/runtime/codegen/v1" };

/** The entry point of the HTTP client's runtime for generated clients. */
export const CLIENT_RUNTIME: ModuleRef = { package: "@etcd-gateway/client/codegen/v1" };
