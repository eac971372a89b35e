import { test } from "node:test";
import { apiDescriptions, type EtcdGateway, etcdProbes } from "etcd-gateway";

declare const gateway: EtcdGateway;

/** Never called: what counts is whether it compiles. */
function options(): void {
  apiDescriptions();
  apiDescriptions({ gatewayPath: "/etcd", documents: { openapi: {}, swagger: {} } });
  etcdProbes(gateway, { timeout: 1 });

  // @ts-expect-error: no such option
  apiDescriptions({ path: "/etcd" });
  // @ts-expect-error: a string
  apiDescriptions({ gatewayPath: /etcd/ });
  // @ts-expect-error: both documents are needed
  apiDescriptions({ documents: { openapi: {} } });
  // @ts-expect-error: the documents, not their text
  apiDescriptions({ documents: { openapi: "{}", swagger: "{}" } });
  // @ts-expect-error: no such document
  apiDescriptions({ documents: { openapi: {}, swagger: {}, asyncapi: {} } });
  // @ts-expect-error: undefined is no value, with exactOptionalPropertyTypes
  apiDescriptions({ gatewayPath: undefined });
  // @ts-expect-error: the gateway is needed
  etcdProbes();
  // @ts-expect-error: no such option
  etcdProbes(gateway, { timeOut: 1 });
  // @ts-expect-error: a number
  etcdProbes(gateway, { timeout: "2s" });
}

// A wrong type fails the type check, and so does an expected error that is none.
test("the options of the handlers have exact types", () => void options);
