import { once } from "node:events";
import { createServer } from "node:http";
import { etcdGateway } from "etcd-gateway";
import { WebSocket } from "ws";

/** What an app with a gateway, which reaches no etcd, and with these descriptions answers: statuses and titles. */
export async function answersOf(descriptions) {
  const gateway = etcdGateway({ endpoints: ["127.0.0.1:1"], timeouts: { connect: 100 } });
  const server = createServer((req, res) => gateway.router(req, res, () => descriptions(req, res)));
  gateway.handleUpgrades(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const call = await fetch(`${url}/v3/kv/range`, { method: "POST", body: '{"key":"Zm9v"}' });
  const openapi = await (await fetch(`${url}/openapi.json`)).json();
  const swagger = await (await fetch(`${url}/rpc.swagger.json`)).json();
  const socket = new WebSocket(`${url.replace("http", "ws")}/v3/kv/range`);
  socket.onopen = () => socket.send('{"key":"Zm9v"}');
  const [data] = await once(socket, "message");
  server.closeAllConnections();
  server.close();
  await gateway.close(0);
  return [call.status, openapi.info.title, swagger.info.title, JSON.parse(String(data)).code].join(" ");
}
