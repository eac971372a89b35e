/** Matches a gRPC status that Go has formatted as text. */
const GO_STATUS = /^rpc error: code = (\w+) desc = (.*)$/s;

/** A gRPC status that was formatted as text. */
export interface GoStatus {
  /** The name of the code as gRPC spells it, such as `NOT_FOUND`. */
  readonly code: string;
  readonly message: string;
}

/**
 * Reads a gRPC status that Go has formatted as text: `rpc error: code = NotFound desc = ...`. Some of etcd's services
 * wrap the status of another service in that way. Returns `undefined` for other texts.
 */
export function readGoStatus(text: string): GoStatus | undefined {
  const [, name, message] = GO_STATUS.exec(text) ?? [];
  if (name === undefined || message === undefined) return undefined;
  const code = name === "Canceled" ? "CANCELLED" : name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return { code, message };
}

/** Returns the message of the innermost status if a text is one that Go has formatted, else the text. */
export function innermostMessage(text: string): string {
  const status = readGoStatus(text);
  return status === undefined ? text : innermostMessage(status.message);
}
