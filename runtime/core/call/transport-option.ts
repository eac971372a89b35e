import type { Option } from "../options/option.js";
import { hasMethods, instance } from "../options/option-kinds.js";
import type { Transport } from "../transport/transport.js";

/**
 * Creates the option for the transport of calls, which is required.
 *
 * @param further methods that the transport needs in addition to those that make calls
 */
export function transportOption(text: string, ...further: readonly (keyof Transport)[]): Option<Transport> {
  return instance<Transport>(
    { text, type: "Transport", expected: "a transport, such as that of grpcTransport" },
    (given) => hasMethods(given, "unary", "stream", ...further),
  ).required();
}
