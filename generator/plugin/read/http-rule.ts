import { type DescMethod, type FileRegistry, getExtension, hasExtension, isMessage } from "@bufbuild/protobuf";
import { isReflectList, isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

const EXTENSION = "google.api.http";

/** The kinds of a rule whose value is the path template. */
const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/**
 * A `google.api.HttpRule`. Its `selector` is left out: it is for service configuration files and means nothing on an
 * rpc.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export interface HttpRule {
  /** The HTTP method and path template; absent for a rule without a pattern. */
  readonly pattern?: HttpPattern;
  readonly body: string;
  readonly responseBody: string;
  readonly additionalBindings: readonly HttpRule[];
  /** Where parts of the rule stand, as paths from the rpc's options. */
  readonly paths: HttpRulePaths;
}

/** What a rule binds to. */
export interface HttpPattern {
  /** In upper case, or a custom kind as written. */
  readonly method: string;
  readonly template: string;
}

/** Paths in the source information, each going on from the rpc's options. */
export interface HttpRulePaths {
  readonly rule: readonly number[];
  readonly pattern: readonly number[];
  readonly body: readonly number[];
  readonly responseBody: readonly number[];
}

/** The rule of an rpc, read through the descriptors at hand: no generated code for `google.api` is needed. */
export function httpRuleOf(method: DescMethod, registry: FileRegistry): HttpRule | undefined {
  const extension = registry.getExtension(EXTENSION);
  const options = method.proto.options;
  if (extension?.fieldKind !== "message" || options === undefined || !hasExtension(options, extension))
    return undefined;
  const rule = getExtension(options, extension);
  return isMessage(rule) ? readRule(reflect(extension.message, rule), [extension.number]) : undefined;
}

function readRule(rule: ReflectMessage, path: readonly number[]): HttpRule {
  const pattern = readPattern(rule);
  return {
    ...(pattern === undefined ? {} : { pattern: { method: pattern.method, template: pattern.template } }),
    body: stringField(rule, "body"),
    responseBody: stringField(rule, "response_body"),
    additionalBindings: readAdditionalBindings(rule, path),
    paths: {
      rule: path,
      pattern: pattern === undefined ? path : [...path, pattern.number],
      body: [...path, numberOf(rule, "body")],
      responseBody: [...path, numberOf(rule, "response_body")],
    },
  };
}

function readPattern(rule: ReflectMessage): (HttpPattern & { readonly number: number }) | undefined {
  for (const kind of METHODS) {
    const field = fieldOf(rule, kind);
    if (field !== undefined && rule.isSet(field)) {
      return { method: kind.toUpperCase(), template: stringField(rule, kind), number: field.number };
    }
  }
  const custom = fieldOf(rule, "custom");
  if (custom === undefined || !rule.isSet(custom)) return undefined;
  const value = rule.get(custom);
  if (!isReflectMessage(value)) return undefined;
  return { method: stringField(value, "kind"), template: stringField(value, "path"), number: custom.number };
}

function readAdditionalBindings(rule: ReflectMessage, path: readonly number[]): readonly HttpRule[] {
  const field = fieldOf(rule, "additional_bindings");
  const list = field === undefined ? undefined : rule.get(field);
  if (field === undefined || !isReflectList(list)) return [];
  return [...list]
    .filter((binding) => isReflectMessage(binding))
    .map((binding, index) => readRule(binding, [...path, field.number, index]));
}

// A copy of http.proto may be older than a field.
function fieldOf(message: ReflectMessage, name: string): ReflectMessage["fields"][number] | undefined {
  return message.fields.find((field) => field.name === name);
}

function numberOf(message: ReflectMessage, name: string): number {
  return fieldOf(message, name)?.number ?? 0;
}

function stringField(message: ReflectMessage, name: string): string {
  const field = fieldOf(message, name);
  const value = field === undefined ? "" : message.get(field);
  return typeof value === "string" ? value : "";
}
