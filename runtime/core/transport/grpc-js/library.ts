import { lazyModule } from "../../modules/lazy-module.js";

/** What `@grpc/grpc-js` exports. */
export type Library = typeof import("@grpc/grpc-js");

/** Loads grpc-js, which takes longer than all the rest of a gateway: not before a transport asks for such a channel. */
export const library: () => Promise<Library> = lazyModule("@grpc/grpc-js", () => import("@grpc/grpc-js"));
