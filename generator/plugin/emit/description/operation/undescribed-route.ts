import type { JsonObject } from "../../../model/json.js";
import type { BindingModel, RpcModel } from "../../../model/model.js";
import type { DescriptionFormat } from "./description-format.js";

/** A route that an API description cannot express. */
export interface UndescribedRoute {
  readonly method: string;
  readonly template: string;
  readonly rpc: string;
  readonly reason: string;
}

/**
 * Returns the route of a binding that a description cannot express, with the reason.
 *
 * @param methodKnown whether the format has operations for its HTTP method
 */
export function cannotDescribe(
  rpc: RpcModel,
  binding: BindingModel,
  methodKnown: boolean,
  format: DescriptionFormat,
): UndescribedRoute {
  const reason = methodKnown
    ? "another operation has the same method and, but for the kind of wildcard, the same path"
    : binding.method === "*"
      ? `${format.name} has no operation for every method`
      : `${format.name} has no operations for the method ${binding.method}`;
  return { method: binding.method, template: binding.template, rpc: rpc.name, reason };
}

/** Lists the routes that a description cannot express, so that readers know they exist. */
export function undescribedRoutes(routes: readonly UndescribedRoute[]): JsonObject {
  return routes.length === 0 ? {} : { "x-undescribed-routes": routes.map((route) => ({ ...route })) };
}
