import type { EnumModel, MessageModel, Model } from "./model.js";

/** The message of a full name. Throws if the model has none: whatever a model names, it holds. */
export function messageOf(model: Model, name: string): MessageModel {
  return found(model.messages[name], name);
}

/** The enum of a full name. Throws if the model has none. */
export function enumOf(model: Model, name: string): EnumModel {
  return found(model.enums[name], name);
}

function found<T>(type: T | undefined, name: string): T {
  if (type === undefined) throw new Error(`the model lacks ${name}`);
  return type;
}
