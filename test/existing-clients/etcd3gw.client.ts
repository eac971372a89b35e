import { testPythonClient } from "./python-client.js";

testPythonClient({
  name: "etcd3gw",
  program: "etcd3gw_client.py",
  scenarios: {
    keys: "puts, gets, lists, replaces and deletes keys, under /v3alpha",
    leases: "grants, renews and revokes leases",
    locks: "takes a lock once, and gives it back",
    watches: "sees every event of a watch, in order",
    errors: "raises the errors that etcd's own gateway makes it raise",
    cluster: "asks for the members and for the state of one",
  },
});
