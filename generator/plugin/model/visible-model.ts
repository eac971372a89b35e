import { messageOf } from "./lookup.js";
import type { BindingModel, EnumModel, FileModel, MessageModel, MethodModel, Model, ServiceModel } from "./model.js";

/** What may be restricted to those who have a label. */
interface Restricted {
  readonly visibility?: readonly string[];
}

/**
 * The model without what is restricted to others: services, rpcs, fields and enum values that have labels, but none of those
 * given. A field that a route of a visible rpc names stays.
 */
export function visibleModel(model: Model, labels: readonly string[]): Model {
  const isVisible = ({ visibility }: Restricted): boolean =>
    visibility === undefined || visibility.some((label) => labels.includes(label));
  const files = model.files.map((file) => visibleFile(file, isVisible));
  const bound = boundFields(files, model);
  const fieldsOf = (message: MessageModel): MessageModel => ({
    ...message,
    fields: message.fields.filter((field) => isVisible(field) || bound.has(`${message.name}.${field.name}`)),
    extensions: message.extensions.filter(isVisible),
  });
  const valuesOf = (type: EnumModel): EnumModel => ({ ...type, values: type.values.filter(isVisible) });
  return {
    files,
    messages: mapValues(model.messages, fieldsOf),
    // An enum without any value is none.
    enums: mapValues(model.enums, (type) => (type.values.some(isVisible) ? valuesOf(type) : type)),
  };
}

function visibleFile(file: FileModel, isVisible: (element: Restricted) => boolean): FileModel {
  const services = file.services.filter(isVisible).map(
    (service): ServiceModel => ({
      ...service,
      methods: service.methods.filter(isVisible),
    }),
  );
  const hidden = file.services.filter((service) => !isVisible(service)).map(({ localName }) => localName);
  return { ...file, services, otherServices: [...file.otherServices, ...hidden] };
}

/** The fields that routes name, each as its message's full name, a dot and its own. */
function boundFields(files: readonly FileModel[], model: Model): ReadonlySet<string> {
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
  for (const method of files.flatMap(({ services }) => services).flatMap(({ methods }) => methods)) {
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
