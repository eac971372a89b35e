import { signal } from "@preact/signals-core";
import type { Api, Operation } from "../api/description.js";
import { isObject } from "../api/json-parts.js";

/** Knows which RPCs can be called: those that the API has, except those that the gateway has switched off. */
export class Exposure {
  readonly #api: Api;
  readonly #exposed: readonly string[] | undefined;
  /** Operations that a call has shown to be switched off. */
  readonly #rejected = signal<ReadonlySet<string>>(new Set());

  /** @param exposed full names of RPCs and services; `undefined` for all */
  constructor(api: Api, exposed: readonly string[] | undefined) {
    this.#api = api;
    this.#exposed = exposed;
  }

  /** Whether the gateway exposes an operation, as far as the page knows. */
  allows({ id, group, name }: Operation): boolean {
    if (this.#rejected.value.has(id)) return false;
    return this.#exposed?.some((each) => isCalled(each, group) || isCalled(each, `${group}.${name}`)) ?? true;
  }

  /** Whether the API has an operation and the gateway exposes it. */
  can(id: string): boolean {
    const operation = this.#api.operations.find((each) => each.id === id);
    return operation !== undefined && this.allows(operation);
  }

  has(id: string): boolean {
    return this.#api.operations.some((each) => each.id === id);
  }

  /** Notes that an operation is switched off, if the error of a call says so. */
  learn(id: string, error: unknown): void {
    if (!/ is not exposed by this gateway/.test(isObject(error) ? String(error["message"]) : String(error))) return;
    this.#rejected.value = new Set(this.#rejected.peek()).add(id);
  }
}

/** Whether a full name ends in a name: `etcdserverpb.KV` and `KV`. */
function isCalled(fullName: string, name: string): boolean {
  return fullName === name || fullName.endsWith(`.${name}`);
}
