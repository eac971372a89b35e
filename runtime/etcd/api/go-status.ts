/** Matches the status of an error that Go has formatted as text. */
const GO_STATUS = /^rpc error: code = (?!OK )(\w+) desc = (.*)$/s;

/** A gRPC status whose code is known by its name. */
export interface NamedStatus {
  /** The name of the code as gRPC spells it, such as `NOT_FOUND`. */
  readonly code: string;
  readonly message: string;
}

/**
 * Reads a gRPC status that Go has formatted as text: `rpc error: code = NotFound desc = ...`. Some of etcd's services
 * wrap the status of another service in that way. Returns `undefined` for other texts.
 */
export function readGoStatus(text: string): NamedStatus | undefined {
  const [, name = "", message = ""] = GO_STATUS.exec(text) ?? [];
  if (name === "") return undefined;
  const code = name === "Canceled" ? "CANCELLED" : name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return { code, message };
}

/** Returns the message of the innermost status if a text is one that Go has formatted, else the text. */
export function innermostMessage(text: string): string {
  const status = readGoStatus(text);
  return status === undefined ? text : innermostMessage(status.message);
}
