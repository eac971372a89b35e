/** Receives the events of a session. */
export interface SessionListener {
  /** There is output to write. */
  onOutput(): void;
  /** The peer has sent its first SETTINGS, so it speaks HTTP/2. */
  onReady(): void;
  /** The peer has changed the number of streams that it allows. */
  onLimit(): void;
  /** The peer has acknowledged a ping. */
  onPong(): void;
  /**
   * The session accepts no new streams. Open streams continue.
   *
   * @param reason the reason, for a log
   * @param code the error code of the peer's GOAWAY
   * @param debug the text of the peer's GOAWAY
   */
  onDraining(reason: string, code: number, debug: string): void;
  /** The last stream has ended. */
  onIdle(): void;
  /** The session is over. Its remaining output may still be written. */
  onClosed(reason: Error): void;
}
