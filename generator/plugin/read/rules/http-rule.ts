import { type DescMethod, type FileRegistry, getExtension, hasExtension, isMessage } from "@bufbuild/protobuf";
import { isReflectList, isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import type { Position } from "../diagnostics.js";
import { METHOD_OPTIONS, positionOf } from "../source-info.js";

const EXTENSION = "google.api.http";

/** The kinds of rules whose value is the path template. */
export const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/**
 * A `google.api.HttpRule`, from an RPC's options or from a service configuration. Its `selector`, the name of the RPC,
 * is not included.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export interface HttpRule {
  /** The HTTP method and path template. Absent for a rule without a pattern. */
  readonly pattern?: HttpPattern;
  readonly body: string;
  readonly responseBody: string;
  readonly additionalBindings: readonly HttpRule[];
  readonly positions: HttpRulePositions;
  /** Whether a mistake in this rule was reported already. Such a rule is skipped, but not its additional bindings. */
  readonly isReported: boolean;
}

/** The HTTP method and path template of a rule. */
export interface HttpPattern {
  /** An HTTP method in upper case, or a custom kind as written. */
  readonly method: string;
  readonly template: string;
}

/** The positions of a rule's parts. */
export interface HttpRulePositions {
  readonly rule: Position;
  readonly pattern: Position;
  readonly body: Position;
  readonly responseBody: Position;
}

/**
 * Reads the rule in an RPC's options. It uses the descriptors of the request, so no generated code for `google.api` is
 * needed.
 */
export function annotatedRule(method: DescMethod, registry: FileRegistry): HttpRule | undefined {
  const extension = registry.getExtension(EXTENSION);
  const options = method.proto.options;
  if (extension?.fieldKind !== "message" || options === undefined || !hasExtension(options, extension))
    return undefined;
  const rule = getExtension(options, extension);
  const at = (path: readonly number[]): Position => positionOf(method, [METHOD_OPTIONS, ...path]);
  return isMessage(rule) ? readRule(reflect(extension.message, rule), [extension.number], at) : undefined;
}

/** @param path the position of the rule in the options, as field numbers */
function readRule(rule: ReflectMessage, path: readonly number[], at: (path: readonly number[]) => Position): HttpRule {
  const pattern = readPattern(rule);
  return {
    ...(pattern === undefined ? {} : { pattern: { method: pattern.method, template: pattern.template } }),
    body: stringField(rule, "body"),
    responseBody: stringField(rule, "response_body"),
    additionalBindings: readAdditionalBindings(rule, path, at),
    isReported: false,
    positions: {
      rule: at(path),
      pattern: at(pattern === undefined ? path : [...path, pattern.number]),
      body: at([...path, numberOf(rule, "body")]),
      responseBody: at([...path, numberOf(rule, "response_body")]),
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

function readAdditionalBindings(
  rule: ReflectMessage,
  path: readonly number[],
  at: (path: readonly number[]) => Position,
): readonly HttpRule[] {
  const field = fieldOf(rule, "additional_bindings");
  const list = field === undefined ? undefined : rule.get(field);
  if (field === undefined || !isReflectList(list)) return [];
  return [...list]
    .filter((binding) => isReflectMessage(binding))
    .map((binding, index) => readRule(binding, [...path, field.number, index], at));
}

// The user's copy of http.proto can be older than a field.
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
