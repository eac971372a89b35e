import type { Binding, Segment } from "../../call/rpc.js";
import { pathOfSegments, percentDecode, segmentsOfPath } from "../../transcode/url/request-path.js";
import { PathMatcher, type TemplateEntry } from "./path-matcher.js";

/** An entry of a {@link RouteTable}. */
export interface Bound {
  readonly binding: Binding;
}

/** The route of a request. */
export interface RouteMatch<Route extends Bound> {
  readonly route: Route;
  /** The values of the binding's path variables, in their order, percent-decoded. */
  readonly variables: readonly string[];
}

const NO_VARIABLES: readonly string[] = [];

/**
 * Finds the route of a request. Paths without wildcards (all paths of most APIs) need one look-up in a map. Other paths
 * go to a {@link PathMatcher}. A request reaches only bindings of its method. `OPTIONS` is a method like any other, and
 * `HEAD` falls back to `GET`. If two routes have the same method and path, the first wins.
 *
 * Literal paths are compared segment by segment after percent-decoding, so `/a%2Fb` and `/a/b` are two routes. Only if
 * nothing else matches, `%2F` counts as a slash, as in grpc-gateway.
 */
export class RouteTable<Route extends Bound> {
  /** The first segments of all routes, if they are literals. */
  readonly roots: ReadonlySet<string>;
  readonly #literals = new Map<string, Map<string, Route>>();
  readonly #templates: PathMatcher<Route> | undefined;

  /** @throws TypeError if a template cannot be matched */
  constructor(routes: readonly Route[]) {
    const roots = new Set<string>();
    const templates: TemplateEntry<Route>[] = [];
    for (const route of routes) {
      const { binding } = route;
      const segments = segmentsOf(binding);
      if (typeof segments[0] === "string") roots.add(segments[0]);
      const variables = binding.variables ?? [];
      if (variables.length === 0 && segments.every((segment) => typeof segment === "string")) {
        this.#addLiteral(literalPath(segments, binding.verb), route);
      } else {
        templates.push({ binding, value: route });
      }
    }
    this.roots = roots;
    this.#templates = templates.length === 0 ? undefined : new PathMatcher(anyMethodLast(templates));
  }

  /**
   * Returns the route of a method and a percent-encoded path, or `undefined`. `HEAD` has the route of `GET`, unless it
   * has its own (RFC 9110, 9.3.2).
   */
  find(method: string, path: string): RouteMatch<Route> | undefined {
    return this.#find(method, path) ?? (method === "HEAD" ? this.#find("GET", path) : undefined);
  }

  #find(method: string, path: string): RouteMatch<Route> | undefined {
    const literal = this.#literalsAt(path);
    const route = literal?.get(method) ?? literal?.get("*");
    if (route !== undefined) return { route, variables: NO_VARIABLES };
    const match = this.#templates?.match(path, (candidate) => hasMethod(candidate, method));
    if (match !== undefined) return { route: match.value, variables: match.variables };
    const decoded = this.#literalsOfSlashes(path);
    const last = decoded?.get(method) ?? decoded?.get("*");
    return last === undefined ? undefined : { route: last, variables: NO_VARIABLES };
  }

  /** Returns the methods that have a route at a path, sorted. Returns none if the path is unknown. */
  methodsOf(path: string): readonly string[] {
    const methods = new Set(this.#literalsAt(path)?.keys());
    this.#templates?.match(path, (route) => {
      methods.add(route.binding.method);
      return false;
    });
    if (methods.size === 0) for (const method of this.#literalsOfSlashes(path)?.keys() ?? []) methods.add(method);
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods].sort();
  }

  #literalsAt(path: string): ReadonlyMap<string, Route> | undefined {
    if (!path.includes("%")) return this.#literals.get(path);
    const segments = segmentsOfPath(path);
    return segments === undefined ? undefined : this.#literals.get(pathOfSegments(segments));
  }

  /**
   * Returns the literal routes of a path whose encoded slashes count as slashes. grpc-gateway does the same if nothing
   * else matches. It does not apply to the first segment, by which etcd's server, like others, finds the handler of a
   * request.
   */
  #literalsOfSlashes(path: string): ReadonlyMap<string, Route> | undefined {
    if (!/%2f/i.test(path)) return undefined;
    const [first, ...rest] = segmentsOfPath(path) ?? [];
    if (first === undefined || first.includes("/")) return undefined;
    return this.#literals.get(pathOfSegments([first, ...rest.flatMap((segment) => segment.split("/"))]));
  }

  #addLiteral(path: string, route: Route): void {
    const methods = this.#literals.get(path) ?? new Map<string, Route>();
    if (!methods.has(route.binding.method)) methods.set(route.binding.method, route);
    this.#literals.set(path, methods);
  }
}

/** Returns the path of a route without wildcards. */
function literalPath(segments: readonly string[], verb: string | undefined): string {
  return pathOfSegments(verb === undefined ? segments : segments.with(-1, `${segments.at(-1) ?? ""}:${verb}`));
}

function hasMethod({ binding }: Bound, method: string): boolean {
  return binding.method === method || binding.method === "*";
}

function segmentsOf(binding: Binding): readonly Segment[] {
  return (
    binding.segments ??
    binding.template
      .slice(1)
      .split("/")
      .map((text) => percentDecode(text) ?? text)
  );
}

/** Sorts templates so that of two equally specific ones, a template for one method wins over one for any method. */
function anyMethodLast<Route extends Bound>(
  templates: readonly TemplateEntry<Route>[],
): readonly TemplateEntry<Route>[] {
  const any = (entry: TemplateEntry<Route>): boolean => entry.binding.method === "*";
  return [...templates.filter((entry) => !any(entry)), ...templates.filter(any)];
}
