import { join } from "node:path";
import { testReverseProxy } from "./proxy-tests.js";
import type { ProxyCommand } from "./reverse-proxy.js";

/** Apache with `mod_proxy_http2`. */
const apache: ProxyCommand = ({ folder, port, backend, tls }) => ({
  program: "/usr/sbin/apache2",
  debianPackage: "apache2-bin",
  args: ["-X", "-d", folder, "-f", join(folder, "apache.conf")],
  files: {
    "apache.conf": `
      ${["mpm_event", "authz_core", "proxy", "http2", "proxy_http2", "ssl"]
        .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
        .join("\n")}
      ServerName localhost
      Listen 127.0.0.1:${port}
      PidFile ${folder}/apache.pid
      DefaultRuntimeDir ${folder}
      ErrorLog ${folder}/apache.log
      LogLevel warn
      User www-data
      Group www-data
      Timeout 3600
      Protocols ${tls === undefined ? "h2c" : "h2"}
      ${tls === undefined ? "" : `SSLEngine on\nSSLCertificateFile ${tls.cert}\nSSLCertificateKeyFile ${tls.key}`}
      ProxyTimeout 3600
      ProxyPass / h2c://127.0.0.1:${backend}/
    `,
  },
});

testReverseProxy("Apache", apache);
