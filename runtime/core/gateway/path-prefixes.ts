import type { Route } from "../transcode/route.js";
import { firstSegment } from "../transcode/url/request-path.js";
import type { GatewaySettings } from "./gateway-settings.js";

/**
 * Checks that the path prefixes in the options belong to routes.
 *
 * @param routes all routes, including those under aliases
 * @throws TypeError if a prefix does not; the message names the option
 */
export function checkPathPrefixes({ aliases, dialects, roots = [] }: GatewaySettings, routes: readonly Route[]): void {
  const templates = routes.map(({ binding }) => binding.template);
  for (const [alias, prefix] of Object.entries(aliases)) {
    const option = `aliases[${JSON.stringify(alias)}]`;
    if (alias === prefix) throw new TypeError(`invalid ${option}: an alias must differ from its prefix`);
    if (!isUsed(prefix, templates)) throw unused(option, prefix, templates);
  }
  for (const prefix of Object.keys(dialects)) {
    const isRoot = roots.includes(firstSegment(prefix));
    if (!isRoot && !isUsed(prefix, templates)) throw unused(`dialects[${JSON.stringify(prefix)}]`, prefix, templates);
  }
}

function isUsed(prefix: string, templates: readonly string[]): boolean {
  return templates.some((template) => template === prefix || template.startsWith(`${prefix}/`));
}

function unused(option: string, prefix: string, templates: readonly string[]): TypeError {
  const firsts = new Set(templates.map((template) => `/${firstSegment(template)}`));
  return new TypeError(`invalid ${option}: no route begins with ${prefix}: expected one of ${[...firsts].join(", ")}`);
}
