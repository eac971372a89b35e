/**
 * Numbers the events of one stream, so that a client that comes back can go on behind the last one that it has had.
 * Messages are given as their wire bytes.
 */
export interface StreamEvents {
  /** Takes a request message on its way. Returns it, or one in its place that asks for what follows the last event. */
  request(wire: Uint8Array): Uint8Array;
  /**
   * The id of a response message: whoever comes back with it has had all events up to this message's last, and gets all
   * that follow. `undefined`: the id before stays; `""`: there is none from here on. ASCII without line breaks.
   */
  id(wire: Buffer): string | undefined;
}

/**
 * Begins to number the events of a stream.
 *
 * @param last the id of the last event that the client has had, if it comes back
 * @throws GatewayError `INVALID_ARGUMENT` if that is no id
 */
export type NumberEvents = (last: string | undefined) => StreamEvents;
