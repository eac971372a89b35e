import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before } from "node:test";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import { etcdClient } from "../../../../../runtime/explorer/page/app/bundled-client.js";
import { KeyStore } from "../../../../../runtime/explorer/page/keys/store/key-store.js";
import { type EtcdServer, startEtcd } from "../../../../etcd-server/server.js";
import { urlOf } from "../../../../server-address.js";

/** The page's key store with a real etcd, for the tests of one suite. */
export class ExploredStore {
  #store: KeyStore | undefined;

  constructor() {
    let etcd: EtcdServer | undefined;
    let gateway: EtcdGateway | undefined;
    let server: Server | undefined;
    before(async () => {
      etcd = await startEtcd();
      gateway = etcdGateway({ endpoints: [etcd.endpoint] });
      server = createServer(gateway.router).listen(0, "127.0.0.1");
      await once(server, "listening");
      this.#store = new KeyStore(etcdClient({ baseUrl: urlOf(server) }));
    });
    after(async () => {
      server?.close();
      await gateway?.close(0);
      server?.closeAllConnections();
      await etcd?.stop();
    });
  }

  get store(): KeyStore {
    if (this.#store === undefined) throw new Error("there is no store yet");
    return this.#store;
  }

  /** Sets the value of a key unconditionally. */
  async put(key: string, value: string): Promise<void> {
    const bytes = new TextEncoder().encode(value);
    const { state } = await this.store.read(key);
    if (state === undefined) await this.store.create(key, bytes);
    else await this.store.update(key, bytes, state.modRevision);
  }

  /** Reads the value of a key; `undefined` if it does not exist. */
  async value(key: string): Promise<string | undefined> {
    const { state } = await this.store.read(key);
    return state && new TextDecoder().decode(state.value);
  }
}
