import type { EnumModel, MessageModel, Model } from "./model.js";

/**
 * Returns the message with a full name.
 *
 * @throws Error if the model does not contain it. A model contains every message that it refers to.
 */
export function messageOf(model: Model, name: string): MessageModel {
  return found(model.messages[name], name);
}

/**
 * Returns the enum with a full name.
 *
 * @throws Error if the model does not contain it
 */
export function enumOf(model: Model, name: string): EnumModel {
  return found(model.enums[name], name);
}

function found<T>(type: T | undefined, name: string): T {
  if (type === undefined) throw new Error(`the model lacks ${name}`);
  return type;
}
