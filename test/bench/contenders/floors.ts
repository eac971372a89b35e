import { builtProgram } from "../build.js";
import type { LoadResult } from "../load/load.js";
import type { Contender } from "./contender.js";

/** Node's HTTP server with the same response to every request. */
export function nodeHttp(answer: string): Contender {
  return {
    name: "floor: node:http, fixed response",
    start: (children) => children.serve(process.execPath, [builtProgram("node-http"), answer]),
  };
}

/** Express with the same response to every request. */
export function expressFixed(path: string, answer: string): Contender {
  return {
    name: "floor: Express 5, fixed response",
    start: (children) => children.serve(process.execPath, [builtProgram("express-fixed"), path, answer]),
  };
}

/**
 * Calls with grpc-js, without HTTP and JSON. It makes as many concurrent calls as other contenders have connections.
 */
export function grpcCalls(method: string, request: Uint8Array): Contender {
  return {
    name: "floor: grpc-js calls alone, no HTTP",
    async start(children, etcd) {
      const bytes = Buffer.from(request).toString("base64");
      const program = builtProgram("grpc-calls");
      const { url, pid, stop } = await children.serve(process.execPath, [program, etcd.endpoint, method, bytes]);
      return {
        url,
        pid,
        stop,
        async load({ connections, amount }) {
          const body = JSON.stringify({ calls: connections, amount });
          const response = await fetch(url, { method: "POST", body });
          const result: LoadResult = JSON.parse(await response.text());
          return result;
        },
      };
    },
  };
}
