/**
 * Numbers the events of one stream, so that a client that reconnects can continue after the last event that it has
 * received. Messages are passed as protobuf bytes.
 */
export interface StreamEvents {
  /**
   * Receives a request message before it is sent. Returns it, or a changed one that asks for the events after the last
   * one.
   */
  request(wire: Uint8Array): Uint8Array;
  /**
   * Returns the id of a response message. A client that reconnects with it has received all events up to the last one
   * of this message, and gets all that follow. `undefined` keeps the previous id. `""` means that there is no id from
   * here on. The id must be ASCII without line breaks.
   */
  id(wire: Buffer): string | undefined;
}

/**
 * Begins to number the events of a stream.
 *
 * @param last the id of the last event that the client has received, if it reconnects
 * @throws GatewayError `INVALID_ARGUMENT` if the id is not valid
 */
export type NumberEvents = (last: string | undefined) => StreamEvents;
