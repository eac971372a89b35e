import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import type { MethodModel, ServiceModel } from "../model/model.js";
import { readBindings } from "./binding.js";
import { lowerCamel } from "./local-name.js";
import type { ReadContext } from "./read-context.js";
import { commentOf } from "./source-info.js";

/** Reads a service, its rpcs and their HTTP bindings. */
export function readService(desc: DescService, context: ReadContext): ServiceModel {
  return {
    name: desc.typeName,
    localName: desc.name,
    constName: lowerCamel(desc.name),
    comment: commentOf(desc),
    deprecated: desc.deprecated,
    methods: desc.methods.map((method) => readMethod(method, context)),
  };
}

function readMethod(desc: DescMethod, context: ReadContext): MethodModel {
  return {
    name: `${desc.parent.typeName}.${desc.name}`,
    localName: lowerCamel(desc.name),
    comment: commentOf(desc),
    deprecated: desc.deprecated,
    path: `/${desc.parent.typeName}/${desc.name}`,
    clientStreaming: desc.proto.clientStreaming,
    serverStreaming: desc.proto.serverStreaming,
    noSideEffects: desc.idempotency === Idempotency.NO_SIDE_EFFECTS,
    input: desc.input.typeName,
    output: desc.output.typeName,
    bindings: readBindings(desc, context),
  };
}
