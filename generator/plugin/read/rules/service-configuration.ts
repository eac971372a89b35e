import { readFileSync } from "node:fs";
import type * as Yaml from "yaml";
import type { PluginOptions } from "../../plugin-options.js";
import type { Diagnostics, Position } from "../diagnostics.js";
import { reportBadRule } from "./bad-rule.js";
import { type HttpPattern, type HttpRule, METHODS } from "./http-rule.js";
import { yaml } from "./yaml.js";

/** A rule together with the RPC that it applies to. */
export interface SelectedRule {
  /** The full name of an RPC. */
  readonly selector: string;
  readonly position: Position;
  readonly rule: HttpRule;
}

type Members = ReadonlyMap<string, Yaml.Pair<Yaml.Node, Yaml.Node | null>>;

/** The fields of a rule, by their proto names. YAML can use their JSON names too. */
const RULE_FIELDS = [...METHODS, "selector", "custom", "body", "response_body", "additional_bindings"] as const;
const CUSTOM_FIELDS = ["kind", "path"] as const;
// Fields of google.api.HttpRule and google.api.Http that this plugin ignores, and other gateways use.
const IGNORED_RULE_FIELDS = ["rest_method_name"] as const;
const HTTP_FIELDS = ["rules", "fully_decode_reserved_expansion"] as const;

const SECOND_DOCUMENT =
  "a second document begins here: write all rules under one http without ---, or write each document into a file and " +
  "name each file with grpc_api_configuration";

/**
 * Reads the HTTP rules of service configurations. These are YAML files in the form of `google.api.Service`. Only `http`
 * is read. Mistakes are reported with file, line and column. The option `bad_rules` applies to each rule.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/service.proto
 */
export function readServiceConfigurations(options: PluginOptions, diagnostics: Diagnostics): readonly SelectedRule[] {
  return options.grpcApiConfiguration.flatMap((file) => {
    try {
      return new ConfigurationReader(file, readFileSync(file, "utf8"), options, diagnostics).read();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `cannot read the file of the plugin option grpc_api_configuration: ${why}`;
      diagnostics.error({ file }, message);
      return [];
    }
  });
}

class ConfigurationReader {
  readonly #file: string;
  readonly #diagnostics: Diagnostics;
  readonly #document: Yaml.Document.Parsed;
  readonly #lines: Yaml.LineCounter;
  readonly #options: PluginOptions;
  /** Whether the reader is in a rule. A mistake there affects only that rule. */
  #inRule = false;
  /** The number of mistakes so far. */
  #mistakes = 0;

  constructor(file: string, text: string, options: PluginOptions, diagnostics: Diagnostics) {
    this.#file = file;
    this.#options = options;
    this.#diagnostics = diagnostics;
    this.#lines = new (yaml().LineCounter)();
    this.#document = yaml().parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  read(): readonly SelectedRule[] {
    const { errors, contents } = this.#document;
    for (const { code, pos, message } of errors) {
      const isSecond = code === "MULTIPLE_DOCS";
      this.#diagnostics.error(this.#at(pos[0]), isSecond ? SECOND_DOCUMENT : `invalid YAML: ${message}`);
    }
    if (errors.length > 0) return [];
    const root = this.#map(contents, "the file", undefined);
    const http = root?.get("http");
    if (http === undefined) {
      this.#diagnostics.error({ file: this.#file }, "missing http.rules: this file has no HTTP rules");
      return [];
    }
    const members = this.#map(http.value, "http", HTTP_FIELDS);
    const rules = this.#list(members?.get("rules")?.value, "rules");
    this.#inRule = true;
    return rules.flatMap((node) => this.#selectedRule(node) ?? []);
  }

  #selectedRule(node: Yaml.Node | null): SelectedRule | undefined {
    const { fields, rule } = this.#rule(node);
    if (fields === undefined) return undefined;
    const selector = fields.get("selector");
    const text = this.#text(fields, "selector");
    if (text !== "") return { selector: text, position: this.#of(selector?.value ?? null), rule };
    if (selector === undefined) this.#mistake(this.#of(node), "a rule has no selector: write the full name of an RPC");
    return undefined;
  }

  #rule(node: Yaml.Node | null): { readonly fields: Members | undefined; readonly rule: HttpRule } {
    const before = this.#mistakes;
    const fields = this.#map(node, "a rule", [...RULE_FIELDS, ...IGNORED_RULE_FIELDS]);
    const known: Members = fields ?? new Map();
    const pattern = this.#pattern(node, known);
    const at = (name: string): Position => this.#of(known.get(name)?.key ?? node);
    const [body, responseBody] = [this.#text(known, "body"), this.#text(known, "response_body")];
    const additional = this.#list(known.get("additional_bindings")?.value, "additional_bindings");
    const isReported = this.#mistakes > before;
    const rule: HttpRule = {
      ...(pattern === undefined ? {} : { pattern }),
      body,
      responseBody,
      additionalBindings: additional.map((each) => this.#rule(each).rule),
      positions: {
        rule: this.#of(node),
        pattern: at([...METHODS, "custom"].find((name) => known.has(name)) ?? ""),
        body: at("body"),
        responseBody: at("response_body"),
      },
      isReported,
    };
    return { fields, rule };
  }

  #pattern(node: Yaml.Node | null, fields: Members): HttpPattern | undefined {
    const kinds = [...METHODS, "custom"].filter((name) => fields.has(name));
    if (kinds.length > 1) {
      const message = `a rule has only one pattern, but this rule has ${kinds.join(" and ")}: move all but one to additional_bindings`;
      this.#mistake(this.#of(node), message);
    }
    const method = METHODS.find((name) => fields.has(name));
    if (method !== undefined) return { method: method.toUpperCase(), template: this.#text(fields, method) };
    const custom = fields.get("custom");
    const members = custom === undefined ? undefined : this.#map(custom.value, "custom", CUSTOM_FIELDS);
    if (members === undefined) return undefined;
    return { method: this.#text(members, "kind"), template: this.#text(members, "path") };
  }

  /** Returns the members of a map by their proto names. Reports values that are not maps, and unknown members. */
  #map(node: Yaml.Node | null | undefined, what: string, known: readonly string[] | undefined): Members | undefined {
    if (!yaml().isMap<Yaml.Node, Yaml.Node | null>(node)) {
      this.#mistake(this.#of(node ?? null), `${what} must be a map of names and values`);
      return undefined;
    }
    const members = new Map<string, Yaml.Pair<Yaml.Node, Yaml.Node | null>>();
    for (const pair of node.items) {
      const written = yaml().isScalar(pair.key) ? String(pair.key.value) : "";
      const name = written.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (known === undefined || known.includes(name)) members.set(name, pair);
      else {
        const message = `${what} has the unknown field ${JSON.stringify(written)}: expected one of ${known.join(", ")}`;
        this.#mistake(this.#of(pair.key), message);
      }
    }
    return members;
  }

  #list(node: Yaml.Node | null | undefined, what: string): readonly (Yaml.Node | null)[] {
    if (node === undefined || node === null) return [];
    if (yaml().isSeq<Yaml.Node | null>(node)) return node.items;
    this.#mistake(this.#of(node), `${what} must be a list: write a line with a dash for each entry`);
    return [];
  }

  #text(fields: Members, name: string): string {
    const node = fields.get(name)?.value;
    if (node === undefined || node === null) return "";
    if (yaml().isScalar(node) && typeof node.value === "string") return node.value;
    this.#mistake(this.#of(node), `${name} must be a string: put it in quotes`);
    return "";
  }

  #mistake(position: Position, message: string): void {
    this.#mistakes++;
    if (this.#inRule) reportBadRule(this.#options, this.#diagnostics, position, message);
    else this.#diagnostics.error(position, message);
  }

  #of(node: Yaml.Node | null): Position {
    const start = node?.range?.[0];
    return start === undefined ? { file: this.#file } : this.#at(start);
  }

  #at(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line, column: col };
  }
}
