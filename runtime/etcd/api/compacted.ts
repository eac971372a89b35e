/** The text of the error for a revision that has been compacted. It is the same in all versions of etcd. */
export const COMPACTED = "etcdserver: mvcc: required revision has been compacted";
