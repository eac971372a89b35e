import { enumOf, messageOf } from "./lookup.js";
import type {
  BindingModel,
  EnumModel,
  FieldModel,
  FileModel,
  MessageModel,
  Model,
  RpcModel,
  ServiceModel,
} from "./model.js";

/** An element that labels may restrict. */
interface Restricted {
  readonly visibility?: readonly string[];
}

/**
 * Removes restricted elements from a model: services, RPCs, messages, fields, enums and enum values that have labels,
 * but none of the given ones. An enum without a visible value is restricted too. So are fields of a restricted type, and
 * RPCs that take or return one. A field that a route of a visible RPC names stays, with its type.
 */
export function visibleModel(model: Model, labels: readonly string[]): Model {
  const isVisible = ({ visibility }: Restricted): boolean =>
    visibility === undefined || visibility.some((label) => labels.includes(label));
  const types = new Set([
    ...Object.values(model.messages).flatMap((message) => (isVisible(message) ? [message.name] : [])),
    ...Object.values(model.enums).flatMap((type) =>
      isVisible(type) && type.values.some(isVisible) ? [type.name] : [],
    ),
  ]);
  const services = model.files.map((file) => visibleServices(file, types, isVisible));
  const bound = boundFields(services.flat(), model);
  const isBound = (message: MessageModel, field: FieldModel): boolean => bound.has(`${message.name}.${field.name}`);
  for (const message of Object.values(model.messages)) {
    for (const field of message.fields) {
      if (field.type.kind !== "scalar" && isBound(message, field)) types.add(field.type.name);
    }
  }
  const isShown = (field: FieldModel): boolean =>
    isVisible(field) && (field.type.kind === "scalar" || types.has(field.type.name));
  const fieldsOf = (message: MessageModel): MessageModel => {
    const fields = message.fields.filter((field) => isShown(field) || isBound(message, field));
    const kept = new Set(fields.map(propertyOf));
    const leftOut = [...new Set(message.fields.map(propertyOf))].filter((name) => !kept.has(name));
    return {
      ...message,
      fields,
      extensions: message.extensions.filter(isShown),
      ...(leftOut.length === 0 ? {} : { leftOut }),
    };
  };
  const valuesOf = (type: EnumModel): EnumModel => ({ ...type, values: type.values.filter(isVisible) });
  return {
    files: model.files.map((file, index) => visibleFile(file, services[index] ?? [], types, model)),
    messages: mapValues(model.messages, fieldsOf),
    // An enum cannot be without values.
    enums: mapValues(model.enums, (type) => (type.values.some(isVisible) ? valuesOf(type) : type)),
  };
}

/** The property of ts-proto's type that contains a field: the field's name, or that of its oneof. */
function propertyOf({ name, oneof = name }: FieldModel): string {
  return oneof;
}

function visibleServices(
  file: FileModel,
  types: ReadonlySet<string>,
  isVisible: (element: Restricted) => boolean,
): readonly ServiceModel[] {
  const isRpcVisible = (rpc: RpcModel): boolean => isVisible(rpc) && types.has(rpc.input) && types.has(rpc.output);
  return file.services.filter(isVisible).map((service) => ({ ...service, rpcs: service.rpcs.filter(isRpcVisible) }));
}

/** Reduces a file to these services and types. */
function visibleFile(
  file: FileModel,
  services: readonly ServiceModel[],
  types: ReadonlySet<string>,
  model: Model,
): FileModel {
  const kept = new Set(services.map(({ name }) => name));
  const isKept = (name: string): boolean => types.has(name);
  const hiddenTypes = [
    ...file.messages.filter((name) => !isKept(name)).map((name) => messageOf(model, name)),
    ...file.enums.filter((name) => !isKept(name)).map((name) => enumOf(model, name)),
  ];
  const hiddenServices = file.services.filter(({ name }) => !kept.has(name));
  return {
    ...file,
    services,
    messages: file.messages.filter(isKept),
    enums: file.enums.filter(isKept),
    otherTypes: [...file.otherTypes, ...hiddenTypes.map(({ localName }) => localName)],
    otherServices: [...file.otherServices, ...hiddenServices.map(({ localName }) => localName)],
  };
}

/** Collects the fields that routes name. Each is written as the full name of its message, a dot, and its own name. */
function boundFields(services: readonly ServiceModel[], model: Model): ReadonlySet<string> {
  const bound = new Set<string>();
  const add = (message: string, path: readonly string[]): void => {
    const [first, ...rest] = path;
    if (first === undefined || first === "" || first === "*") return;
    bound.add(`${message}.${first}`);
    const type = messageOf(model, message).fields.find(({ name }) => name === first)?.type;
    if (type?.kind === "message") add(type.name, rest);
  };
  const addBinding = ({ input, output }: RpcModel, { path, body, responseBody }: BindingModel): void => {
    for (const { field } of path.variables) add(input, field);
    add(input, [body]);
    add(output, [responseBody]);
  };
  for (const rpc of services.flatMap(({ rpcs }) => rpcs)) {
    for (const binding of rpc.bindings) addBinding(rpc, binding);
  }
  return bound;
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
