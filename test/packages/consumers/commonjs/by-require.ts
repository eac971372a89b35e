// This needs Node.js 20.19, 22.12 or newer, whose require() accepts ES modules.
import { etcdGateway } from "etcd-gateway";
import { services } from "etcd-gateway/generated";

import express = require("express");

const gateway = etcdGateway({ endpoints: ["127.0.0.1:1"] });
express().use(gateway.router);
console.log(typeof gateway.router, services.kv.name, __filename.endsWith("by-require.js"));
void gateway.close();
