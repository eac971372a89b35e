import { testReverseProxy } from "./proxy-tests.js";
import type { ProxyCommand } from "./reverse-proxy.js";

/** HAProxy with HTTP/2 on both sides. */
const haproxy: ProxyCommand = ({ port, backend, tls, pem }) => ({
  program: "/usr/sbin/haproxy",
  debianPackage: "haproxy",
  args: ["-db", "-f", "haproxy.cfg"],
  files: {
    "server.pem": pem,
    "haproxy.cfg": `
global
  maxconn 1000
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
frontend calls
  bind 127.0.0.1:${port} ${tls === undefined ? "proto h2" : "ssl crt server.pem alpn h2"}
  default_backend etcd
backend etcd
  server etcd 127.0.0.1:${backend} proto h2
`,
  },
});

testReverseProxy("HAProxy", haproxy);
