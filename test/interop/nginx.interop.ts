import { testReverseProxy } from "./proxy-tests.js";
import type { ProxyCommand } from "./reverse-proxy.js";

/** nginx's `grpc_pass`. It ends each connection after a hundred calls. */
const nginx: ProxyCommand = ({ folder, port, backend, tls }) => ({
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
        keepalive_requests 100;
        client_max_body_size 0;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        server {
          listen 127.0.0.1:${port} http2 ${tls === undefined ? "" : "ssl"};
          ${tls === undefined ? "" : `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};`}
          location / {
            grpc_pass grpc://127.0.0.1:${backend};
            grpc_read_timeout 1h;
            grpc_send_timeout 1h;
          }
        }
      }`,
  },
});

testReverseProxy("nginx", nginx);
