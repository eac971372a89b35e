import type { RpcModel, ServiceModel } from "../model/model.js";
import { docText } from "./source/doc-comment.js";

/** The doc comment of a service: its comment and its full name. */
export function serviceDoc({ comment, name, deprecated }: ServiceModel): string {
  return docText(comment, `The service \`${name}\`.`, deprecated);
}

/** The doc comment of an RPC: its comment, its full name and its routes. */
export function rpcDoc(service: ServiceModel, rpc: RpcModel): string {
  const routes = rpc.bindings.map((binding) => `\`${binding.method} ${binding.template}\``);
  const reach = routes.length === 0 ? "without an HTTP rule" : routes.join(", ");
  return docText(rpc.comment, `\`${rpc.name}\`: ${reach}`, rpc.deprecated || service.deprecated);
}
