import { after, before, describe } from "node:test";
import { ETCD_VERSIONS, type EtcdVersion } from "../etcd-server/etcd-versions.js";
import { type EtcdOptions, type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { postStream, Stream } from "../http/json-stream.js";
import { type JsonResponse, post } from "../http/requests.js";
import { startGateway, type TestGateway } from "./gateway.js";

/** An etcd server and the gateway in front of it. */
export class Setup {
  readonly version: EtcdVersion;
  #etcd: EtcdServer | undefined;
  #gateway: TestGateway | undefined;

  constructor(version: EtcdVersion) {
    this.version = version;
  }

  async start(options: EtcdOptions): Promise<void> {
    this.#etcd = await startEtcd({ ...options, version: this.version });
    this.#gateway = await startGateway({ endpoints: [this.#etcd.endpoint] });
  }

  async stop(): Promise<void> {
    await this.#gateway?.close();
    await this.#etcd?.stop();
  }

  get etcd(): EtcdServer {
    if (this.#etcd === undefined) throw new Error("the etcd server did not start");
    return this.#etcd;
  }

  /** Returns the URL of a path of the gateway. */
  url(path: string): string {
    if (this.#gateway === undefined) throw new Error("the gateway did not start");
    return this.#gateway.url + path;
  }

  /** Makes a unary call through the gateway. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<JsonResponse> {
    return post(this.url(path), body, headers);
  }

  /** Makes a call with one request and a stream of responses. */
  postStream(path: string, body: unknown, headers?: Record<string, string>): Stream {
    return postStream(this.url(path), body, headers);
  }

  /** Opens a bidirectional call. */
  open(path: string, headers?: Record<string, string>): Stream {
    return new Stream(this.url(path), headers);
  }
}

/** Defines the same tests for each version of etcd in Debian. They share a server and a gateway. */
export function onEachEtcd(name: string, tests: (setup: Setup) => void, options: EtcdOptions = {}): void {
  for (const version of ETCD_VERSIONS) {
    describe(`${name} on etcd ${version}`, () => {
      const setup = new Setup(version);
      before(() => setup.start(options));
      after(() => setup.stop());
      tests(setup);
    });
  }
}
