import { readOptions } from "../options/option-group.js";
import { instance, recordOf } from "../options/option-kinds.js";
import type { Transport } from "../transport/transport.js";
import { CLIENT_OPTIONS, type ClientCallOptions, type ClientOptions, type ClientSettings } from "./client-options.js";
import type { Client } from "./client-types.js";
import { guarded } from "./guarded-transport.js";
import { isService, type Rpc, type Service } from "./rpc.js";
import { RpcCalls, toMetadata } from "./rpc-calls.js";
import { transportOption } from "./transport-option.js";

const SERVICES = recordOf(
  { text: "the services", expected: "an object with services from generated code" },
  instance<Service>({ text: "a service", type: "service", expected: "a service from generated code" }, isService),
).required();

const TRANSPORT = transportOption("carries the calls");

/**
 * Creates a typed client for services that generated code exports:
 *
 *     const client = createClient({ kv, watch }, grpcTransport({ endpoints: ["127.0.0.1:2379"] }));
 *     const { kvs } = await client.kv.range({ key: Buffer.from("foo") });
 *     const watching = client.watch.watch();
 *     await watching.send({ create_request: WatchCreateRequest.create({ key: Buffer.from("foo") }) });
 *     for await (const { events } of watching) console.log(events);
 *
 * A call that fails rejects with a `GatewayError`.
 *
 * @throws GatewayError `INVALID_ARGUMENT` if the metadata cannot be sent
 * @throws TypeError for an invalid option, with its path, its value and what it must be
 */
export function createClient<const Services extends Readonly<Record<string, Service>>>(
  services: Services,
  transport: Transport,
  options: ClientOptions = {},
): Client<Services> {
  const checked = SERVICES.readArgument(services, "services");
  const calls = guarded(TRANSPORT.readArgument(transport, "transport"));
  const settings = readOptions(CLIENT_OPTIONS, options, "createClient");
  toMetadata(settings.metadata);
  const client = Object.fromEntries(
    Object.entries(checked).map(([name, service]) => [
      name,
      Object.fromEntries(
        Object.entries(service.rpcs).map(([rpcName, rpc]) => [rpcName, rpcClient(rpc, calls, settings)]),
      ),
    ]),
  );
  // TypeScript loses the types in Object.fromEntries. test/core/call/client.test.ts checks the type of each kind of
  // RPC.
  return client as Client<Services>;
}

function rpcClient(rpc: Rpc, transport: Transport, settings: ClientSettings): unknown {
  const calls = new RpcCalls(rpc, transport, settings);
  if (rpc.method.requestStream) {
    return rpc.method.responseStream
      ? (each?: ClientCallOptions) => calls.bidi(each ?? {})
      : (each?: ClientCallOptions) => calls.clientStream(each ?? {});
  }
  return rpc.method.responseStream
    ? (request: object, each?: ClientCallOptions) => calls.serverStream(request, each ?? {})
    : (request: object, each?: ClientCallOptions) => calls.unary(request, each ?? {});
}
