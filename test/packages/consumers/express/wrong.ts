// Code that must not compile.
import { etcdGateway } from "etcd-gateway";

// @ts-expect-error endpoints is a list
export const noList: unknown = () => etcdGateway({ endpoints: "127.0.0.1:2379" });

// @ts-expect-error there is no such option
export const noOption: unknown = () => etcdGateway({ endpoints: [], endpoint: "" });

export async function noField(gateway: ReturnType<typeof etcdGateway>): Promise<unknown> {
  // @ts-expect-error a range has no such field
  await gateway.client.kv.range({ keys: Buffer.from("foo") });
  // @ts-expect-error keys are bytes
  return gateway.client.kv.range({ key: "foo" });
}
