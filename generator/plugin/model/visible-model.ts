import { enumOf, messageOf } from "./lookup.js";
import type {
  BindingModel,
  EnumModel,
  FieldModel,
  FileModel,
  MessageModel,
  MethodModel,
  Model,
  ServiceModel,
} from "./model.js";

/** What may be restricted to those who have a label. */
interface Restricted {
  readonly visibility?: readonly string[];
}

/**
 * The model without what is restricted to others: services, rpcs, messages, fields, enums and enum values that have labels,
 * but none of those given. An enum of which no value is left is restricted too, and so is what has a type that is: a
 * field, or an rpc that takes or returns it. A field that a route of a visible rpc names stays, and so does its type.
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
    // An enum without any value is none.
    enums: mapValues(model.enums, (type) => (type.values.some(isVisible) ? valuesOf(type) : type)),
  };
}

/** What ts-proto's type calls a field, or the oneof that it is a member of. */
function propertyOf({ name, oneof = name }: FieldModel): string {
  return oneof;
}

function visibleServices(
  file: FileModel,
  types: ReadonlySet<string>,
  isVisible: (element: Restricted) => boolean,
): readonly ServiceModel[] {
  const isMethodVisible = (method: MethodModel): boolean =>
    isVisible(method) && types.has(method.input) && types.has(method.output);
  return file.services
    .filter(isVisible)
    .map((service) => ({ ...service, methods: service.methods.filter(isMethodVisible) }));
}

/** A file with these of its services and types. */
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

/** The fields that routes name, each as its message's full name, a dot and its own. */
function boundFields(services: readonly ServiceModel[], model: Model): ReadonlySet<string> {
  const bound = new Set<string>();
  const add = (message: string, path: readonly string[]): void => {
    const [first, ...rest] = path;
    if (first === undefined || first === "" || first === "*") return;
    bound.add(`${message}.${first}`);
    const type = messageOf(model, message).fields.find(({ name }) => name === first)?.type;
    if (type?.kind === "message") add(type.name, rest);
  };
  const addBinding = ({ input, output }: MethodModel, { path, body, responseBody }: BindingModel): void => {
    for (const { field } of path.variables) add(input, field);
    add(input, [body]);
    add(output, [responseBody]);
  };
  for (const method of services.flatMap(({ methods }) => methods)) {
    for (const binding of method.bindings) addBinding(method, binding);
  }
  return bound;
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
