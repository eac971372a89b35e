import type { BindingModel, SegmentModel, VariableModel } from "../../../model/model.js";

/** A parameter of an OpenAPI path: one wildcard of the path template. */
export interface PathParameter {
  readonly name: string;
  /** The proto names that lead to the field that gets the value. Absent if the wildcard is not part of a variable. */
  readonly field?: readonly string[];
  /** The whole value of the field, with its parameters in braces. Absent if the value is this parameter alone. */
  readonly pattern?: string;
  /** Whether the parameter matches any number of segments. */
  readonly deep: boolean;
}

/** The used paths. Paths that differ only in parameter names become one path, and each path has a method only once. */
export class Paths {
  readonly #names = new Map<string, readonly string[]>();
  readonly #taken = new Set<string>();

  /** Reserves the path of a binding. Returns it with its parameters, or `undefined` if another binding has the same path and method. */
  reserve(
    binding: BindingModel,
    method: string,
  ): { readonly path: string; readonly pathParameters: readonly PathParameter[] } | undefined {
    const shape = pathShape(operationPath(binding).path);
    const { path, parameters } = operationPath(binding, this.#names.get(shape));
    if (!this.take(path, method)) return undefined;
    this.#names.set(
      shape,
      parameters.map((parameter) => parameter.name),
    );
    return { path, pathParameters: parameters };
  }

  /** Reserves a path and method. Returns `false` if another operation has them. */
  take(path: string, method: string): boolean {
    const key = `${method} ${path}`;
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}

/** A path template in OpenAPI's form. */
export interface OperationPath {
  /** The path, with each parameter in braces. */
  readonly path: string;
  readonly parameters: readonly PathParameter[];
}

/**
 * Writes a path template as an OpenAPI path. Literal segments in a variable's pattern stay literal, and each wildcard
 * of the pattern becomes a parameter: `/v1/{name=shelves/*}` is `/v1/shelves/{shelves_id}`.
 *
 * @param taken the parameter names of an earlier path that differs only in these names: OpenAPI requires one path for
 *   both
 */
export function operationPath({ path }: BindingModel, taken: readonly string[] = []): OperationPath {
  const wildcards = path.segments.flatMap((segment, index) => (segment.kind === "literal" ? [] : [{ segment, index }]));
  const names = new Map<number, string>();
  for (const { segment, index } of wildcards) {
    const name = taken[names.size] ?? wildcardName(path.segments, variableAt(path.variables, index), segment, index);
    names.set(index, unused(name, new Set(names.values())));
  }
  const written = path.segments.map((segment, index) =>
    segment.kind === "literal" ? encode(segment.text) : `{${names.get(index)}}`,
  );
  return {
    path: `/${written.join("/")}${path.verb === "" ? "" : `:${encode(path.verb)}`}`,
    parameters: wildcards.map(({ segment, index }) => {
      const variable = variableAt(path.variables, index);
      return {
        name: names.get(index) ?? "",
        ...(variable === undefined ? {} : { field: variable.field }),
        ...(variable === undefined || variable.end - variable.start === 1
          ? {}
          : { pattern: written.slice(variable.start, variable.end).join("/") }),
        deep: segment.kind === "**",
      };
    }),
  };
}

/**
 * A key that is equal for paths that OpenAPI considers identical: those that differ only in the names of parameters.
 */
function pathShape(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}

function variableAt(variables: readonly VariableModel[], index: number): VariableModel | undefined {
  return variables.find((variable) => variable.start <= index && index < variable.end);
}

/**
 * The name of a wildcard: the field of its variable or, after a literal segment of the pattern, the literal and `_id`.
 */
function wildcardName(
  segments: readonly SegmentModel[],
  variable: VariableModel | undefined,
  wildcard: SegmentModel,
  index: number,
): string {
  if (variable === undefined) return wildcard.kind === "**" ? "segments" : "segment";
  const before = index > variable.start && wildcard.kind === "*" ? segments[index - 1] : undefined;
  return before?.kind === "literal" ? `${before.text.replace(/\W+/g, "_")}_id` : variable.field.join(".");
}

function unused(name: string, used: ReadonlySet<string>): string {
  let candidate = name;
  for (let number = 2; used.has(candidate); number++) candidate = `${name}_${number}`;
  return candidate;
}

/** Percent-encodes characters that a path segment cannot contain (RFC 3986, section 3.3). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(24|26|2B|2C|3A|3B|3D|40)/g, (code) => decodeURIComponent(code));
}
