/** Hears what concerns a whole session. */
export interface SessionListener {
  /** There is something to write. */
  onOutput(): void;
  /** The peer has sent its first settings: it speaks HTTP/2. */
  onReady(): void;
  /** The peer has changed how many streams it allows. */
  onLimit(): void;
  /** The peer has answered a ping. */
  onPong(): void;
  /**
   * The session takes no more streams; those that are open go on.
   *
   * @param reason why, for a log
   * @param code that of the peer's GOAWAY
   * @param debug the text of it
   */
  onDraining(reason: string, code: number, debug: string): void;
  /** The last of the streams is gone. */
  onIdle(): void;
  /** The session is over. What is in its output may still be written. */
  onClosed(reason: Error): void;
}
