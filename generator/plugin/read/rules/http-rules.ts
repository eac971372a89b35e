import type { DescFile, DescMethod, FileRegistry } from "@bufbuild/protobuf";
import type { PluginOptions } from "../../plugin-options.js";
import type { Diagnostics } from "../diagnostics.js";
import { reportBadRule } from "./bad-rule.js";
import { annotatedRule, type HttpRule } from "./http-rule.js";
import { sameLetters } from "./same-letters.js";
import type { SelectedRule } from "./service-configuration.js";

/** The HTTP rules of RPCs. Those of service configurations have precedence over those in options. */
export class HttpRules {
  readonly #registry: FileRegistry;
  readonly #selected = new Map<string, HttpRule[]>();

  /**
   * Reports selectors of unknown RPCs.
   *
   * @param selected the rules of service configurations
   * @param asked the files to generate
   */
  constructor(
    registry: FileRegistry,
    selected: readonly SelectedRule[],
    asked: readonly DescFile[],
    options: PluginOptions,
    diagnostics: Diagnostics,
  ) {
    this.#registry = registry;
    for (const each of selected) {
      checkSelector(each, registry, asked, options, diagnostics);
      this.#selected.set(each.selector, [...(this.#selected.get(each.selector) ?? []), each.rule]);
    }
  }

  /** Returns the rules of an RPC. Only service configurations can contain several for one RPC. */
  of(method: DescMethod): readonly HttpRule[] {
    const selected = this.#selected.get(`${method.parent.typeName}.${method.name}`);
    if (selected !== undefined) return selected;
    const rule = annotatedRule(method, this.#registry);
    return rule === undefined ? [] : [rule];
  }
}

function checkSelector(
  { selector, position }: SelectedRule,
  registry: FileRegistry,
  asked: readonly DescFile[],
  options: PluginOptions,
  diagnostics: Diagnostics,
): void {
  const [parent, name] = cut(selector);
  const service = registry.getService(parent);
  if (service !== undefined) {
    const names = service.methods.map((method) => method.name);
    if (names.includes(name)) return;
    const meant = names.find((each) => sameLetters(each, name));
    const advice = meant === undefined ? `its RPCs are ${names.join(", ")}` : `write ${parent}.${meant}`;
    reportBadRule(options, diagnostics, position, `selector ${selector}: ${parent} has no RPC "${name}": ${advice}`);
    return;
  }
  const [packageName] = cut(parent);
  const services = asked.filter((file) => file.proto.package === packageName).flatMap((file) => file.services);
  if (services.length > 0) {
    const known = services.map(({ typeName }) => typeName).join(", ");
    const message = `selector ${selector}: unknown service ${parent}: the services are ${known}`;
    reportBadRule(options, diagnostics, position, message);
  } else {
    // Google's configurations contain rules for services of other packages, so this is not an error.
    const message = `selector ${selector}: none of the given proto files has this RPC, so the rule is not used`;
    diagnostics.warn(position, message);
  }
}

/** Splits a name at its last dot. */
function cut(name: string): readonly [string, string] {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
}
