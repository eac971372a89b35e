import type * as grpcJs from "@grpc/grpc-js";
import { lazyModule } from "../../modules/lazy-module.js";

/** The exports of `@grpc/grpc-js`. */
export type Library = typeof grpcJs;

/**
 * Loads grpc-js. Loading it takes longer than loading the rest of a gateway, so it is loaded only for a transport that
 * uses it.
 */
export const library: () => Promise<Library> = lazyModule("@grpc/grpc-js", () => import("@grpc/grpc-js"));
