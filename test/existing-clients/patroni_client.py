"""Drives the etcd v3 side of Patroni, which asks for /version and then uses the JSON gateway: SCENARIO PORT."""

import os
import sys
import time
import uuid

from patroni.dcs import etcd3

SCOPE = str(uuid.uuid4())


def dcs(port, name, **config):
    return etcd3.Etcd3({
        "host": "127.0.0.1:%d" % port,
        # The members' own addresses lead past the gateway.
        "use_proxies": True,
        "scope": SCOPE,
        "namespace": "service",
        "name": name,
        "ttl": 30,
        "loop_wait": 1,
        "retry_timeout": 10,
        **config,
    })


def eventually(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come to it in time"
        time.sleep(0.05)


def versions(port):
    client = dcs(port, "a")._client
    assert client.version_prefix == "/v3", client.version_prefix
    assert client._cluster_version[:2] in ((3, 4), (3, 5)), client._cluster_version


def leadership(port):
    a, b = dcs(port, "a"), dcs(port, "b")
    assert a.initialize(create_new=True, sysid="12345")
    assert not b.initialize(create_new=True, sysid="67890")
    for node in (a, b):
        assert node.touch_member({"conn_url": "postgres://127.0.0.1/", "role": "replica", "state": "running"})
    assert a.attempt_to_acquire_leader()
    assert not b.attempt_to_acquire_leader()
    assert a.set_config_value('{"ttl":30}')

    # The cluster is what the watch has told.
    eventually(lambda: b.get_cluster().config is not None)
    cluster = b.get_cluster()
    assert cluster.leader.name == "a" and cluster.initialize == "12345", cluster
    assert sorted(member.name for member in cluster.members) == ["a", "b"], cluster
    assert cluster.config.data == {"ttl": 30}, cluster
    assert a.update_leader(7)

    # A change of the leader's key wakes the others up.
    a.get_cluster()
    b.event.clear()
    a.delete_leader()
    begin = time.monotonic()
    assert b.watch(None, 10)
    assert time.monotonic() - begin < 5
    eventually(lambda: b.attempt_to_acquire_leader())
    eventually(lambda: a.get_cluster().leader is not None and a.get_cluster().leader.name == "b")
    assert a.delete_cluster()


def lost_lease(port):
    node, other = dcs(port, "a"), dcs(port, "b")
    other._client.call_rpc("/kv/lease/revoke", {"ID": node._lease})
    try:
        node._client.put("/lost", "1", node._lease)
    except etcd3.LeaseNotFound:
        pass
    else:
        raise AssertionError("a put with a lease that is gone must fail")
    assert node.attempt_to_acquire_leader()
    assert other.get_cluster() is not None


if __name__ == "__main__":
    scenario, port = sys.argv[1:]
    globals()[scenario](int(port))
    # Its threads watch for ever.
    os._exit(0)
