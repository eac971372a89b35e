import { testReverseProxy } from "./proxy-tests.js";
import type { ProxyCommand } from "./reverse-proxy.js";

/** nghttpx, the proxy of nghttp2. */
const nghttpx: ProxyCommand = ({ port, backend, tls }) => ({
  program: "/usr/sbin/nghttpx",
  debianPackage: "nghttp2-proxy",
  args: [
    "--conf=/dev/null",
    "--single-process",
    "--accesslog-file=/dev/null",
    `--frontend=127.0.0.1,${port}${tls === undefined ? ";no-tls" : ""}`,
    `--backend=127.0.0.1,${backend};;proto=h2`,
    "--backend-read-timeout=1h",
    ...(tls === undefined ? [] : [tls.key, tls.cert]),
  ],
  files: {},
});

testReverseProxy("nghttpx", nghttpx);
