// npm start: the etcd-gateway command, with an etcd server that it starts itself.
import { FlagError } from "../../runtime/etcd/command/flags/flag-error.js";
import { type Flags, parseFlags, type ServeFlags } from "../../runtime/etcd/command/flags/flags.js";
import { help } from "../../runtime/etcd/command/flags/help.js";
import { serve } from "../../runtime/etcd/command/serve.js";
import { curlLines } from "./curl-lines.js";
import { type LocalEtcd, startLocalEtcd } from "./local-etcd.js";

const USAGE = `Usage: npm start [-- FLAGS]

Starts an etcd server, which it finds or obtains, and a gateway in front of it, which takes the flags of the
command below. With --endpoints, or ETCD_ENDPOINTS, it uses the servers that these name, and starts none.`;

const args = process.argv.slice(2);

function readFlags(): Flags {
  try {
    return parseFlags(args, process.env);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

async function start(flags: ServeFlags, etcd: LocalEtcd | undefined): Promise<void> {
  const endpoints = etcd === undefined ? flags.gateway.endpoints : [etcd.endpoint];
  if (etcd === undefined) console.log(`etcd: ${endpoints.join(", ")}, as told`);
  else console.log(`etcd: ${etcd.version} serves on ${etcd.endpoint}; its data goes when it stops`);

  const gateway = { ...flags.gateway, endpoints };
  const server = await serve({ ...flags, gateway }, (line) => console.error(`gateway: ${line}`)).catch(
    async (error: unknown) => {
      await etcd?.stop();
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      const advice = isTaken ? "\nChoose another port: npm start -- --listen 127.0.0.1:0" : "";
      throw new Error(`the gateway cannot serve: ${messageOf(error)}${advice}`);
    },
  );
  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    await server.close();
    await etcd?.stop();
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  console.log(`gateway: ${server.url}`);
  if (flags.server.explorer === true)
    console.log(`page: ${server.url}/ has the keys, every call and the cluster in your browser`);
  console.log(`\nTry, in another terminal:\n\n${curlLines(server.url)}\nCtrl-C stops.`);

  const log = await etcd?.ended;
  if (log !== undefined && !isStopping) {
    await stop();
    throw new Error(`the etcd server has ended; the end of its log:\n${log}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const flags = readFlags();
if (flags.command === "serve") {
  const isToldOfEtcd = process.env["ETCD_ENDPOINTS"] !== undefined || args.some((arg) => /^--endpoints\b/.test(arg));
  try {
    await start(flags, isToldOfEtcd ? undefined : await startLocalEtcd((step) => console.log(`etcd: ${step}`)));
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
} else {
  console.log(`${USAGE}\n\n${help()}`);
}
