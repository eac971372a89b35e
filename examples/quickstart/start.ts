// npm start: runs the etcd-gateway command with an etcd server that it starts.
import { FlagError } from "../../runtime/etcd/command/flags/flag-error.js";
import { type Flags, parseFlags, type ServeFlags } from "../../runtime/etcd/command/flags/flags.js";
import { help } from "../../runtime/etcd/command/flags/help.js";
import { serve } from "../../runtime/etcd/command/serve.js";
import { curlLines } from "./curl-lines.js";
import { type LocalEtcd, startLocalEtcd } from "./local-etcd.js";

const USAGE = `Usage: npm start [-- FLAGS]

Starts an etcd server and a gateway for it. If no etcd is installed, it is downloaded. The gateway accepts the flags
of the command below. With --endpoints or ETCD_ENDPOINTS, the gateway uses those servers, and no etcd is started.`;

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
  if (etcd === undefined) console.log(`etcd: using ${endpoints.join(", ")}`);
  else console.log(`etcd: ${etcd.version} listens on ${etcd.endpoint}; its data is deleted when it stops`);

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
    console.log(`explorer: open ${server.url}/ in a browser to see the keys, all calls and the cluster`);
  console.log(`\nTry this in another terminal:\n\n${curlLines(server.url)}\nCtrl-C stops the servers.`);

  const log = await etcd?.ended;
  if (log !== undefined && !isStopping) {
    await stop();
    throw new Error(`the etcd server has exited. The end of its log:\n${log}`);
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
