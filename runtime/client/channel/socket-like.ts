/** What is needed of a `WebSocket`: that of browsers, of Node.js 22, of Deno and Bun, or of the package `ws`. */
export interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** Opens a WebSocket. */
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;
