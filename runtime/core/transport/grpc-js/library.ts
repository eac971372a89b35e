/** What `@grpc/grpc-js` exports. */
export type Library = typeof import("@grpc/grpc-js");

let loading: Promise<Library> | undefined;

/** Loads grpc-js, which takes longer than all the rest of a gateway: not before a transport asks for such a channel. */
export function library(): Promise<Library> {
  loading ??= import("@grpc/grpc-js");
  return loading;
}
