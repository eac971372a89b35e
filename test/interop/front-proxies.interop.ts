import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { WebSocket } from "ws";
import { CommandProcess } from "../etcd/command/command-process.js";
import { freePorts } from "../etcd-server/free-ports.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { at, base64 } from "../http/etcd-json.js";
import { Stream } from "../http/json-stream.js";
import { send } from "../http/requests.js";
import { snippets } from "../readme/run/snippets.js";
import { type ForegroundCommand, ForegroundServer } from "./foreground-server.js";

/*
 * Proxies in front of the command: with the configuration of docs/deploy.md, and with their defaults, which the errors of the
 * gateway must say how to mend.
 */

/** Where a proxy listens, and where the gateway does. */
interface Ports {
  readonly port: number;
  readonly gateway: number;
}

/** What is run for a proxy with a piece of configuration. */
type Front = (folder: string, ports: Ports, configuration: string) => ForegroundCommand;

const nginx: Front = (folder, { port, gateway }, configuration) => ({
  program: "/usr/sbin/nginx",
  debianPackage: "nginx-light",
  args: ["-p", folder, "-e", "stderr", "-c", "nginx.conf"],
  files: {
    "nginx.conf": `
      daemon off;
      master_process off;
      pid nginx.pid;
      events {}
      http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        ${configuration.replace("listen 80;", `listen 127.0.0.1:${port};`).replace("127.0.0.1:8080", `127.0.0.1:${gateway}`)}
      }`,
  },
});

const haproxy: Front = (_folder, { port, gateway }, configuration) => ({
  program: "/usr/sbin/haproxy",
  debianPackage: "haproxy",
  args: ["-db", "-f", "haproxy.cfg"],
  files: {
    "haproxy.cfg": `global\n  maxconn 1000\n${configuration
      .replace("bind :80", `bind 127.0.0.1:${port}`)
      .replace("127.0.0.1:8080", `127.0.0.1:${gateway}`)}`,
  },
});

const NGINX_BY_DEFAULT = `
  upstream etcd_gateway { server 127.0.0.1:8080; }
  server { listen 80; location / { proxy_pass http://etcd_gateway; } }`;

const [DOCUMENTED_NGINX = ""] = snippets("docs/deploy.md", "nginx");
const [DOCUMENTED_HAPROXY = ""] = snippets("docs/deploy.md", "haproxy");

const FRONTS = [
  { name: "nginx", front: nginx, documented: DOCUMENTED_NGINX, byDefault: NGINX_BY_DEFAULT },
  {
    name: "HAProxy",
    front: haproxy,
    documented: DOCUMENTED_HAPROXY,
    // It passes the host on in any case. Without the check, it leaves it to the gateway to reject.
    byDefault: DOCUMENTED_HAPROXY.replace(/^.*(httpchk|http-check).*\n/gm, "").replace(" check", ""),
  },
];

const Host = "etcd.example";

for (const { name, front, documented, byDefault } of FRONTS) {
  describe(`${name} in front of the command`, () => {
    let etcd: EtcdServer;
    let command: CommandProcess;
    let proxy: ForegroundServer;
    let port: number;

    async function start(configuration: string, ...flags: string[]): Promise<void> {
      command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...flags]);
      const gateway = Number(new URL(await command.url()).port);
      [port = 0] = await freePorts(1);
      proxy = await ForegroundServer.start(port, (folder) => front(folder, { port, gateway }, configuration));
    }

    async function stop(): Promise<void> {
      await proxy.stop();
      await command.stop();
    }

    before(async () => {
      etcd = await startEtcd();
    });
    after(() => etcd.stop());

    describe("as it is documented", () => {
      before(() => start(documented, "--allowed-hosts", Host));
      after(stop);

      it("passes requests on, and those of a page of its own over plain HTTP", async () => {
        const body = JSON.stringify({ key: base64("k"), value: base64("v") });
        for (const headers of [{ Host }, { Host, Origin: `http://${Host}` }]) {
          const put = await send(port, "/v3/kv/put", body, { headers });
          assert.equal(put.status, 200, put.body);
        }
        const foreign = await send(port, "/v3/kv/put", body, { headers: { Host, Origin: "http://evil.example" } });
        assert.equal(foreign.status, 403);
      });

      it("passes large bodies on", async () => {
        const value = base64(Buffer.alloc(1_400_000, "v"));
        const put = await send(port, "/v3/kv/put", JSON.stringify({ key: base64("l"), value }), { headers: { Host } });
        assert.equal(put.status, 200, put.body.slice(0, 200));
      });

      it("passes each event of a watch on as it comes, while the request goes on", async () => {
        const watch = new Stream(`http://127.0.0.1:${port}/v3/watch`, { Host });
        watch.write({ create_request: { key: base64("w"), watch_id: 1 } });
        assert.equal(at(await watch.next(), "result", "created"), true);
        for (const value of ["1", "2"]) {
          const body = JSON.stringify({ key: base64("w"), value: base64(value) });
          assert.equal((await send(port, "/v3/kv/put", body, { headers: { Host } })).status, 200);
          assert.equal(at(await watch.next(), "result", "events", 0, "kv", "value"), base64(value));
        }
        watch.write({ cancel_request: { watch_id: 1 } });
        assert.equal(at(await watch.next(), "result", "canceled"), true);
        watch.abort();
      });

      it("passes WebSockets on", async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/v3/watch`, { headers: { Host } });
        await once(socket, "open");
        socket.send(JSON.stringify({ create_request: { key: base64("w") } }));
        const [message] = await once(socket, "message");
        assert.equal(at(JSON.parse(String(message)), "result", "created"), true);
        socket.close();
        await once(socket, "close");
      });
    });

    describe("as it is by default", () => {
      before(() => start(byDefault));
      after(stop);

      it("gets an error that says how to mend it, as JSON in the dialect of the path", async () => {
        for (const [path, member] of [
          ["/v3/kv/range", "message"],
          ["/v3beta/kv/range", "error"],
        ] as const) {
          const rejected = await send(port, path, "{}", { headers: { Host } });
          assert.equal(rejected.status, 421, rejected.body);
          const text = String(at(JSON.parse(rejected.body), member));
          assert.match(
            text,
            /unknown host "(etcd_gateway|etcd\.example)" .*let the proxy pass on the original Host header/,
          );
        }
      });
    });
  });
}
