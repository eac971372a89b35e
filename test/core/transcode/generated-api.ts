import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { runBuf } from "../../../generator/regenerate/buf.js";
import type { Service } from "../../../runtime/core/call/rpc.js";
import { generate } from "../../generator/generated-code.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const TS_PROTO =
  "esModuleInterop=true,importSuffix=.js,env=both,forceLong=bigint,outputServices=grpc-js,snakeToCamel=false," +
  "oneof=unions-value,useDate=false,exportCommonSymbols=false,unrecognizedEnum=false";

/** The loaded code that was generated from a proto file, and its descriptors for an independent decoder. */
export interface GeneratedApi {
  readonly services: readonly Service[];
  readonly registry: FileRegistry;
  /** The module with the HTTP client. */
  readonly client: unknown;
}

/** Generates code from the text of a proto file with ts-proto and the plugin, and loads the code. */
export async function generateApi(proto: string): Promise<GeneratedApi> {
  // This folder is inside the repository, so that packages are found.
  await mkdir(path.join(ROOT, ".cache"), { recursive: true });
  const folder = await mkdtemp(path.join(ROOT, ".cache/transcode-"));
  try {
    const protos = path.join(folder, "proto");
    await mkdir(protos);
    await writeFile(path.join(protos, "kitchen.proto"), proto);
    for (const file of ["google/api/http.proto", ...(proto.match(/google\/api\/\w+\.proto/g) ?? [])]) {
      await cp(path.join(ROOT, "proto", file), path.join(protos, file));
    }
    const image = path.join(folder, "image.binpb");
    await Promise.all([
      generate(protos, folder, { tsProto: TS_PROTO, plugin: "messages=messages,client=client.ts" }),
      runBuf(["build", protos, "-o", image], ROOT),
    ]);
    const index = pathToFileURL(path.join(folder, "generated/index.ts")).href;
    const { services }: { readonly services: Readonly<Record<string, Service>> } = await import(index);
    const client: unknown = await import(pathToFileURL(path.join(folder, "generated/client.ts")).href);
    return {
      services: Object.values(services),
      client,
      registry: createFileRegistry(fromBinary(FileDescriptorSetSchema, await readFile(image))),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
