/** The text of the gateway's and the client's error if a stream, or a watch, would continue on another cluster. */
export const OTHER_CLUSTER = "etcd is another cluster than before: read the keys again";
