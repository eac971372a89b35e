import { EventEmitter } from "node:events";
import { ServerResponse } from "node:http";
import { onRejection } from "../../call/app-result.js";
import { failResponse } from "./failed-response.js";
import type { GatewayResponse } from "./gateway-response.js";

/** The functions of a response that apps may replace. */
const FUNCTIONS = [
  "setHeader",
  "appendHeader",
  "writeHead",
  "write",
  "end",
  "flushHeaders",
  "addTrailers",
  "on",
  "once",
] as const;

/**
 * The members of a response that Node.js reads by getters. If a getter of the app throws, the response counts as over,
 * and the member has this value.
 */
const GETTERS = [
  { name: "headersSent", over: true },
  { name: "writableEnded", over: true },
  { name: "writableFinished", over: false },
  { name: "writableLength", over: 0 },
] as const;

/**
 * Protects the process from what an app puts into a response. If a replaced function returns a promise that rejects, or
 * a replaced getter throws, the response is cut off. Unhandled, either would end the process. If a replaced function
 * throws, its caller must handle the error. The gateway calls this for its own responses. Handlers beside it can call
 * it too.
 */
export function containResponseErrors(res: ServerResponse & { flush?: () => void }): void {
  for (const name of FUNCTIONS) if (res[name] !== ServerResponse.prototype[name]) wrapFunction(res, name);
  if (res.flush !== undefined) wrapFunction(res, "flush");
  if (res.emit !== ServerResponse.prototype.emit) wrapEmit(res);
  for (const getter of GETTERS) if (Object.hasOwn(res, getter.name)) wrapGetter(res, getter);
}

function wrapFunction(res: GatewayResponse, name: (typeof FUNCTIONS)[number] | "flush"): void {
  const original: unknown = res[name];
  if (typeof original !== "function") return;
  Reflect.set(res, name, function (this: unknown, ...args: unknown[]): unknown {
    const returned: unknown = Reflect.apply(original, this, args);
    onRejection(returned, (thrown) => failResponse(res, thrown));
    return returned;
  });
}

/**
 * Makes sure that the event `close` reaches its listeners, and that no error leaves `emit`, which Node.js calls.
 * Otherwise the request would keep its place for ever, or the process would end.
 */
function wrapEmit(res: GatewayResponse): void {
  const original: unknown = res.emit;
  if (typeof original !== "function") return;
  Reflect.set(res, "emit", function (this: unknown, ...args: unknown[]): unknown {
    let isHeard = args[0] !== "close";
    // The first listener: if another one throws, the event has been heard all the same.
    if (!isHeard) {
      EventEmitter.prototype.prependOnceListener.call(res, "close", () => {
        isHeard = true;
      });
    }
    try {
      const returned: unknown = Reflect.apply(original, this, args);
      onRejection(returned, (thrown) => failResponse(res, thrown));
      return returned;
    } catch (thrown) {
      failResponse(res, thrown);
      return false;
    } finally {
      if (!isHeard) EventEmitter.prototype.emit.call(res, "close");
    }
  });
}

function wrapGetter(res: GatewayResponse, { name, over }: (typeof GETTERS)[number]): void {
  const own = Object.getOwnPropertyDescriptor(res, name);
  if (own?.get === undefined || own.configurable === false) return;
  const { get } = own;
  Object.defineProperty(res, name, {
    ...own,
    get(): unknown {
      try {
        return Reflect.apply(get, res, []);
      } catch (thrown) {
        Object.defineProperty(res, name, { value: over });
        failResponse(res, thrown);
        return over;
      }
    },
  });
}
