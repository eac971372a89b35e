import type { ExplorerHandler } from "@etcd-gateway/explorer";

/**
 * Makes the handler of the page, which is loaded for its first visitor: most servers have none.
 *
 * @param exposed the rpcs that clients may call; `undefined` for all
 */
export function explorerPage(exposed: readonly string[] | undefined): ExplorerHandler {
  let loading: Promise<ExplorerHandler> | undefined;
  return function explorerPage(req, res, next) {
    if (!/^\/(explorer\/|\?|$)/.test(req.url ?? "/")) {
      next?.();
      return;
    }
    loading ??= import("@etcd-gateway/explorer").then(({ explorer }) =>
      explorer({ ...(exposed !== undefined && { exposed }) }),
    );
    loading.then((page) => page(req, res, next)).catch(next);
  };
}
