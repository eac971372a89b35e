import { ServerResponse } from "node:http";
import { isThenable } from "../../call/app-result.js";
import { failResponse } from "./failed-response.js";
import type { GatewayResponse } from "./gateway-response.js";

/** The functions of a response that apps put others in the place of. */
const FUNCTIONS = ["setHeader", "writeHead", "write", "end", "flushHeaders", "addTrailers", "on", "once"] as const;

/** What is read of a response by a getter of Node's, and what it is taken to be if one of the app's throws: over. */
const GETTERS = { headersSent: true, writableEnded: true, writableFinished: false, writableLength: 0 } as const;

/**
 * Takes care of what an app has put into a response: if a function in place of Node's returns a promise that rejects, or a
 * getter throws, the response is cut off. Unhandled, either would end the process. What a function throws is for its
 * caller. A gateway does so itself; handlers beside it can.
 */
export function guardResponse(res: ServerResponse & { flush?: () => void }): void {
  for (const name of FUNCTIONS) if (res[name] !== ServerResponse.prototype[name]) guardFunction(res, name);
  if (res.flush !== undefined) guardFunction(res, "flush");
  for (const name in GETTERS) if (Object.hasOwn(res, name)) guardGetter(res, name as keyof typeof GETTERS);
}

function guardFunction(res: GatewayResponse, name: (typeof FUNCTIONS)[number] | "flush"): void {
  const original: unknown = res[name];
  if (typeof original !== "function") return;
  Reflect.set(res, name, function (this: unknown, ...args: unknown[]): unknown {
    const returned: unknown = Reflect.apply(original, this, args);
    if (isThenable(returned)) Promise.resolve(returned).catch((thrown: unknown) => failResponse(res, thrown));
    return returned;
  });
}

function guardGetter(res: GatewayResponse, name: keyof typeof GETTERS): void {
  const own = Object.getOwnPropertyDescriptor(res, name);
  if (own?.get === undefined || own.configurable === false) return;
  const { get } = own;
  Object.defineProperty(res, name, {
    ...own,
    get(): unknown {
      try {
        return Reflect.apply(get, res, []);
      } catch (thrown) {
        Object.defineProperty(res, name, { value: GETTERS[name] });
        failResponse(res, thrown);
        return GETTERS[name];
      }
    },
  });
}
