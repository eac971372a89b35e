import { nearestName } from "../options/nearest-name.js";
import type { Option } from "../options/option.js";
import { instance, listOf } from "../options/option-kinds.js";
import type { CallObserver } from "./call-observer.js";

const HOOKS = ["onGateway", "onStart", "onBackendCall", "onEnd"];

/**
 * Whether a value has at least one hook of an observer, only functions as hooks, and no member whose name looks like a
 * misspelt hook. A misspelt hook would never be called.
 */
function isCallObserver(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  for (const name in given) if (!HOOKS.includes(name) && nearestName(name, HOOKS) !== undefined) return false;
  const hooks = HOOKS.map((name): unknown => Reflect.get(given, name));
  return (
    hooks.some((hook) => hook !== undefined) && hooks.every((hook) => hook === undefined || typeof hook === "function")
  );
}

/** The option `observers`. */
export const OBSERVERS: Option<readonly CallObserver[]> = listOf(
  {
    text: "objects with functions that are called at the start and the end of every call, for logs, metrics and traces. If there is neither an observer nor a subscriber to the diagnostics channels `etcd-gateway:call:start` and `etcd-gateway:call:end`, the gateway makes no records: see [observability.md](observability.md)",
  },
  instance<CallObserver>(
    {
      text: "",
      type: "CallObserver",
      expected: "an observer: an object with functions called onGateway, onStart, onBackendCall or onEnd",
    },
    isCallObserver,
  ),
).or([]);
