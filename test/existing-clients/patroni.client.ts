import { testPythonClient } from "./python-client.js";

testPythonClient({
  name: "Patroni",
  program: "patroni_client.py",
  // Debian 12's Patroni reads the member `error` of errors, which etcd 3.6 no longer has (etcd issue 21100).
  flags: ["--dialect", "/v3=v1"],
  scenarios: {
    versions: "finds out the version, and with it the path prefix",
    leadership: "elects a leader, sees the cluster by its watch, and fails over",
    lost_lease: "gets over the loss of its lease",
  },
});
