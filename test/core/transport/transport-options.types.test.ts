import { test } from "node:test";
import { grpcTransport } from "@etcd-gateway/runtime";

/** Never called: what counts is whether it compiles. */
function options(): void {
  const endpoints = ["127.0.0.1:2379"];
  const pem = Buffer.from("-----BEGIN ");
  const transport = grpcTransport({
    endpoints,
    channel: "lean",
    tls: { ca: pem, cert: "-----BEGIN ", key: pem, serverName: "etcd.example" },
    connectTimeout: 1,
    keepalive: { interval: 1, timeout: 1 },
    streamsPerConnection: 1,
  });
  transport.setSecureContext({ ca: pem });

  // @ts-expect-error: the options are needed
  grpcTransport();
  // @ts-expect-error: endpoints are needed
  grpcTransport({ channel: "lean" });
  // @ts-expect-error: a list of endpoints
  grpcTransport({ endpoints: "127.0.0.1:2379" });
  // @ts-expect-error: no such option
  grpcTransport({ endpoints, connectTimeOut: 1 });
  // @ts-expect-error: no such option of the group
  grpcTransport({ endpoints, keepalive: { timeOut: 1 } });
  // @ts-expect-error: no such option of TLS
  grpcTransport({ endpoints, tls: { servername: "etcd.example" } });
  // @ts-expect-error: no such channel
  grpcTransport({ endpoints, channel: "grpc" });
  // @ts-expect-error: a number
  grpcTransport({ endpoints, streamsPerConnection: "100" });
  // @ts-expect-error: PEM, not whether there is TLS
  grpcTransport({ endpoints, tls: true });
  // @ts-expect-error: undefined is no value, with exactOptionalPropertyTypes
  grpcTransport({ endpoints, connectTimeout: undefined });
  // @ts-expect-error: the name to verify does not change
  transport.setSecureContext({ ca: pem, serverName: "etcd.example" });
}

// A wrong type fails the type check, and so does an expected error that is none.
test("the options of grpcTransport have exact types", () => void options);
