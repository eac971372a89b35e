/** The part of `WebSocket` that the client uses. Browsers, Node.js 22, Deno, Bun and the package `ws` have it. */
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

/** The constructor of a WebSocket class. */
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;
