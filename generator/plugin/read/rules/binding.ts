import type { DescMethod } from "@bufbuild/protobuf";
import type { BindingModel, PathTemplate } from "../../model/model.js";
import type { Position } from "../diagnostics.js";
import type { ReadContext } from "../read-context.js";
import { reportBadRule } from "./bad-rule.js";
import { checkBodyField, checkOneofs, checkPathVariable, findField, isHttpBody, unknownField } from "./field-path.js";
import type { HttpPattern, HttpRule } from "./http-rule.js";
import { PathTemplateError, parsePathTemplate } from "./path-template.js";

/**
 * Reads the HTTP bindings of an RPC, the primary one first. Bindings with an error are left out. With the plugin option
 * `bad_rules=skip`, the errors are warnings.
 */
export function readBindings(method: DescMethod, context: ReadContext): readonly BindingModel[] {
  const reader = new BindingReader(method, context);
  return context.rules
    .of(method)
    .flatMap((rule) => [reader.read(rule, false), ...rule.additionalBindings.map((each) => reader.read(each, true))])
    .filter((binding) => binding !== undefined);
}

class BindingReader {
  readonly #method: DescMethod;
  readonly #context: ReadContext;
  #isGood = true;

  constructor(method: DescMethod, context: ReadContext) {
    this.#method = method;
    this.#context = context;
  }

  read(rule: HttpRule, additional: boolean): BindingModel | undefined {
    if (rule.isReported) return undefined;
    this.#isGood = true;
    if (additional && rule.additionalBindings.length > 0) {
      this.#error(
        rule.positions.rule,
        "additional_bindings cannot contain additional_bindings: put all of them in the outer list",
      );
    }
    const { pattern } = rule;
    if (pattern === undefined) {
      const advice = "add get, put, post, delete, patch or custom";
      this.#error(rule.positions.rule, `the HTTP rule has no pattern: ${advice}`);
      return undefined;
    }
    const path = this.#readTemplate(rule, pattern);
    this.#checkMethod(rule, pattern);
    if (path !== undefined) this.#checkVariables(rule, path);
    this.#checkBody(rule, pattern, path);
    this.#checkResponseBody(rule);
    if (path === undefined || !this.#isGood) return undefined;
    const { body, responseBody } = rule;
    const binding = { method: pattern.method, template: pattern.template, path, body, responseBody };
    this.#context.routes.claim(binding, this.#name, rule.positions.pattern);
    return binding;
  }

  get #name(): string {
    return `${this.#method.parent.typeName}.${this.#method.name}`;
  }

  #readTemplate(rule: HttpRule, { template }: HttpPattern): PathTemplate | undefined {
    try {
      return parsePathTemplate(template);
    } catch (error) {
      if (!(error instanceof PathTemplateError)) throw error;
      this.#error(
        rule.positions.pattern,
        `the path template ${JSON.stringify(template)} is malformed at character ${error.offset + 1}: ${error.message}`,
      );
      return undefined;
    }
  }

  #checkMethod(rule: HttpRule, { method }: HttpPattern): void {
    // RFC 9110, section 5.6.2: a method is a token. `*` means any method.
    if (/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(method)) return;
    this.#error(
      rule.positions.pattern,
      `invalid custom kind ${JSON.stringify(method)}: expected an HTTP method, or "*"`,
    );
  }

  #checkVariables(rule: HttpRule, path: PathTemplate): void {
    for (const { field } of path.variables) {
      const problem = checkPathVariable(this.#method.input, field);
      if (problem !== undefined)
        this.#error(rule.positions.pattern, `the path variable {${field.join(".")}}: ${problem}`);
    }
    const bound = path.variables.map(({ field }) => field);
    const problem = checkOneofs(this.#method.input, rule.body === "" ? bound : [...bound, [rule.body]]);
    if (problem !== undefined) this.#error(rule.positions.pattern, problem);
  }

  #checkBody(rule: HttpRule, { method }: HttpPattern, path: PathTemplate | undefined): void {
    const { body } = rule;
    if (body === "") {
      if (!this.#method.proto.clientStreaming) return;
      const advice = 'only one message can be sent, from path and query: write body: "*" to send a stream';
      this.#warn(rule.positions.rule, `the request is a stream, but the rule has no body, so ${advice}`);
      return;
    }
    if (method === "GET" || method === "DELETE") {
      this.#warn(
        rule.positions.body,
        `the body of a ${method} request has no defined meaning, and many clients and proxies drop it: remove body`,
      );
    }
    if (body === "*") return;
    const problem = checkBodyField(this.#method.input, body);
    if (problem !== undefined) {
      this.#error(rule.positions.body, `body: ${problem}`);
      return;
    }
    const field = findField(this.#method.input, body);
    if (this.#method.proto.clientStreaming && field !== undefined && !isHttpBody(field)) {
      this.#error(rule.positions.body, `each message of the request stream is one value of the body: write body: "*"`);
    }
    const bound = path?.variables.find((variable) => variable.field[0] === body && variable.field.length === 1);
    if (bound !== undefined) {
      this.#error(rule.positions.body, `"${body}" is already bound to the path: choose another field for body`);
    }
  }

  #checkResponseBody(rule: HttpRule): void {
    const { responseBody } = rule;
    if (responseBody === "") return;
    if (responseBody === "*") {
      this.#error(
        rule.positions.responseBody,
        'response_body cannot be "*": remove it; the default is the whole message',
      );
    } else if (findField(this.#method.output, responseBody) === undefined) {
      this.#error(rule.positions.responseBody, `response_body: ${unknownField(this.#method.output, responseBody)}`);
    }
  }

  #error(position: Position, message: string): void {
    this.#isGood = false;
    const { diagnostics, options } = this.#context;
    reportBadRule(options, diagnostics, position, `${this.#name}: ${message}`);
  }

  #warn(position: Position, message: string): void {
    this.#context.diagnostics.warn(position, `${this.#name}: ${message}`);
  }
}
