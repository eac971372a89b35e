// This works in every supported Node.js, because CommonJS has import() too.
import express = require("express");

async function main(): Promise<void> {
  const { etcdGateway } = await import("etcd-gateway");
  const gateway = etcdGateway({ endpoints: ["127.0.0.1:1"] });
  express().use(gateway.router);
  console.log(typeof gateway.router, __filename.endsWith("by-import.js"));
  await gateway.close();
}

void main();
