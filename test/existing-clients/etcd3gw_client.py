"""Drives etcd3gw, a Python client of etcd's JSON gateway: SCENARIO PORT."""

import os
import sys
import threading

import etcd3gw
from etcd3gw import exceptions


def keys(client):
    assert client.put("a", "1") is True
    assert client.get("a") == [b"1"]
    assert client.put("b", "\u00e4\u00df") is True
    assert client.get_prefix("b")[0][0] == "\u00e4\u00df".encode("latin-1")
    [(value, metadata)] = client.get("a", metadata=True)
    assert (value, metadata["key"], metadata["version"]) == (b"1", b"a", "1"), metadata
    values = [value for value, _ in client.get_all(sort_order="descend", sort_target="key")]
    assert values == ["\u00e4\u00df".encode("latin-1"), b"1"], values
    assert client.create("a", "2") is False
    assert client.create("c", "3") is True
    assert client.replace("c", "4", "5") is False
    assert client.replace("c", "3", "5") is True
    assert client.get("c") == [b"5"]
    assert client.delete("c") is True
    assert client.delete("c") is False
    assert client.get("c") == []
    client.delete_prefix("a")
    assert client.get_prefix("a") == [] and client.get("b") != []


def leases(client):
    lease = client.lease(ttl=60)
    client.put("leased", "1", lease=lease)
    assert lease.keys() == [b"leased"], lease.keys()
    assert 50 < lease.ttl() <= 60
    assert lease.refresh() == 60
    lease.revoke()
    assert client.get("leased") == []
    assert lease.ttl() == -1
    assert lease.refresh() == -1


def locks(client):
    first, second = client.lock("door", ttl=60), client.lock("door", ttl=60)
    assert first.acquire() is True
    assert second.acquire() is False
    assert first.is_acquired() and not second.is_acquired()
    assert first.refresh() == 60
    assert second.release() is False
    assert first.release() is True
    with second:
        assert second.is_acquired()
    assert not second.is_acquired()


def watches(client):
    count = 500
    events, cancel = client.watch_prefix("w/")

    def write():
        writer = etcd3gw.client(host="127.0.0.1", port=client.port)
        for i in range(count):
            writer.put("w/%d" % i, str(i))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    # A watch that fails goes silent, so the wait is bounded from outside.
    seen = [next(events) for _ in range(count * len(threads))]
    revisions = [int(event["kv"]["mod_revision"]) for event in seen]
    assert revisions == list(range(revisions[0], revisions[0] + len(revisions)))
    for thread in threads:
        thread.join()
    cancel()

    threading.Timer(0.5, lambda: client.delete("w/0")).start()
    event = client.watch_once("w/0", timeout=20)
    assert event["type"] == "DELETE", event


def errors(client):
    lease = client.lease(ttl=60)
    lease.revoke()
    try:
        client.put("a", "1", lease=lease)
    except exceptions.Etcd3Exception as error:
        assert "requested lease not found" in error.detail_text, error.detail_text
    else:
        raise AssertionError("a put with a lease that is gone must fail")
    try:
        client.post(client.get_url("/kv/range"), json={"key": "not base64"})
    except exceptions.Etcd3Exception as error:
        assert error.detail_text, error
    else:
        raise AssertionError("a key that is no base64 must be rejected")


def cluster(client):
    [member] = client.members()
    assert member["clientURLs"], member
    assert client.status()["version"].startswith("3.")


if __name__ == "__main__":
    scenario, port = sys.argv[1:]
    globals()[scenario](etcd3gw.client(host="127.0.0.1", port=int(port)))
    # The threads of a watch may outlive it.
    os._exit(0)
