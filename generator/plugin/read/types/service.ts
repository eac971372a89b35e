import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import type { RpcModel, ServiceModel } from "../../model/model.js";
import { readOperationDocs, readTagDocs } from "../options/documentation-options.js";
import { readVisibility } from "../options/visibility.js";
import type { ReadContext } from "../read-context.js";
import { readBindings } from "../rules/binding.js";
import { commentOf } from "../source-info.js";
import { lowerCamelNames } from "./local-name.js";

/** Reads a service, its RPCs and their HTTP bindings. */
export function readService(desc: DescService, constName: string, context: ReadContext): ServiceModel {
  const annotations = context.annotations.of(desc);
  const docs = readTagDocs(annotations);
  const localNames = lowerCamelNames(desc.methods.map((method) => method.name));
  return {
    name: desc.typeName,
    localName: desc.name,
    constName,
    comment: commentOf(desc),
    deprecated: desc.deprecated,
    ...readVisibility(annotations),
    rpcs: desc.methods.map((method, index) => readRpc(method, localNames[index] ?? "", context)),
    ...(docs === undefined ? {} : { docs }),
  };
}

function readRpc(desc: DescMethod, localName: string, context: ReadContext): RpcModel {
  const annotations = context.annotations.of(desc);
  const docs = readOperationDocs(annotations);
  return {
    name: `${desc.parent.typeName}.${desc.name}`,
    localName,
    comment: commentOf(desc),
    deprecated: desc.deprecated,
    ...readVisibility(annotations),
    path: `/${desc.parent.typeName}/${desc.name}`,
    clientStreaming: desc.proto.clientStreaming,
    serverStreaming: desc.proto.serverStreaming,
    noSideEffects: desc.idempotency === Idempotency.NO_SIDE_EFFECTS,
    input: desc.input.typeName,
    output: desc.output.typeName,
    bindings: readBindings(desc, context),
    ...(docs === undefined ? {} : { docs }),
  };
}
