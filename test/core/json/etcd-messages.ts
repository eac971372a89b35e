import { execFileSync } from "node:child_process";
import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { MessageCodec } from "../../../runtime/core/json/codec.js";

const ROOT = new URL("../../../", import.meta.url);

/** A message of etcd's API: its generated codec, and its descriptor for an independent implementation. */
export interface EtcdMessage {
  readonly desc: DescMessage;
  readonly codec: MessageCodec;
}

/** The descriptors of etcd's protos. */
const registry: FileRegistry = createFileRegistry(
  fromBinary(
    FileDescriptorSetSchema,
    execFileSync("node_modules/.bin/buf", ["build", "proto", "-o", "-#format=binpb"], {
      cwd: ROOT,
      maxBuffer: 2 ** 26,
    }),
  ),
);

/** Every message of etcd's API. */
export const etcdMessages: readonly EtcdMessage[] = await findMessages();

async function findMessages(): Promise<EtcdMessage[]> {
  const found: EtcdMessage[] = [];
  for (const file of registry.files) {
    if (file.messages.length === 0 || file.name.startsWith("google/")) continue;
    const module: Record<string, unknown> = await import(new URL(`generated/${file.name}.codec.ts`, ROOT).href);
    for (const codec of Object.values(module)) {
      if (!(codec instanceof MessageCodec)) continue;
      const desc = registry.getMessage(codec.name);
      if (desc === undefined) throw new Error(`no descriptor of ${codec.name}`);
      found.push({ desc, codec });
    }
  }
  return found;
}

/** Returns the codec and descriptor of a message. */
export function etcdMessage(name: string): EtcdMessage {
  const found = etcdMessages.find(({ codec }) => codec.name === name);
  if (found === undefined) throw new Error(`etcd has no ${name}`);
  return found;
}
