import type { BindingModel, SegmentModel, VariableModel } from "../../model/model.js";

/** A parameter of an OpenAPI path: one wildcard of the path template. */
export interface PathParameter {
  readonly name: string;
  /** The field that gets the value, by the proto names that lead to it; absent for a wildcard that is in no variable. */
  readonly field?: readonly string[];
  /** What the field gets, with the parameters in braces; absent if it is the parameter's value alone. */
  readonly pattern?: string;
  /** It stands for any number of segments. */
  readonly deep: boolean;
}

/** A path template as OpenAPI can say it. */
export interface OperationPath {
  /** The path, each parameter in braces. */
  readonly path: string;
  readonly parameters: readonly PathParameter[];
}

/**
 * Writes a path template as an OpenAPI path. What is literal in a variable's pattern stays literal there, and each of its
 * wildcards becomes a parameter: `/v1/{name=shelves/*}` is `/v1/shelves/{shelves_id}`.
 *
 * @param taken the names of an earlier path's parameters, if it differs in nothing else: OpenAPI wants one path for both
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

/** What two paths have in common that OpenAPI takes for the same. */
export function pathShape(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}

function variableAt(variables: readonly VariableModel[], index: number): VariableModel | undefined {
  return variables.find((variable) => variable.start <= index && index < variable.end);
}

/** A lone wildcard has the name of its field; one of several segments that of the literal before it. */
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

/** Percent-encodes what cannot stand in a path segment (RFC 3986, 3.3). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(24|26|2B|2C|3A|3B|3D|40)/g, (code) => decodeURIComponent(code));
}
