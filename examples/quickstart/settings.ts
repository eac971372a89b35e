import { parseArgs } from "node:util";

/** What `npm start` is told. */
export interface Settings {
  /** The etcd servers to use, `host:port`; empty: start one. */
  readonly endpoints: readonly string[];
  /** Where the gateway listens. */
  readonly host: string;
  readonly port: number;
}

/** What `npm start -- --help` prints. */
export const help = `Usage: npm start [-- OPTIONS]

Starts a gateway in front of an etcd server, which it finds or obtains.

  --endpoints HOST:PORT,...  use these servers and start none (or set ETCD_ENDPOINTS)
  --listen HOST:PORT         where the gateway listens; port 0 takes a free one (127.0.0.1:8080)
  --help                     this text`;

/**
 * Reads flags and environment.
 *
 * @returns `undefined` if help is asked for.
 * @throws Error in one line that says which flag is wrong.
 */
export function readSettings(args: string[], environment: NodeJS.ProcessEnv): Settings | undefined {
  const { values } = parseArgs({
    args,
    options: {
      endpoints: { type: "string" },
      listen: { type: "string", default: "127.0.0.1:8080" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const endpoints = (values.endpoints ?? environment["ETCD_ENDPOINTS"] ?? "").split(",").filter((name) => name !== "");
  const [, host = "", port = ""] = /^(?:\[(?=.*\]:))?([^\]]+)\]?:(\d{1,5})$/.exec(values.listen) ?? [];
  if (host === "" || Number(port) > 65_535) throw new Error(`--listen ${values.listen}: give HOST:PORT`);
  return { endpoints, host, port: Number(port) };
}
