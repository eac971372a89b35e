/** The path prefixes of all API versions that etcd has had. Clients of any age find the API under their own prefix. */
export const PATH_PREFIXES: readonly ["/v3", "/v3beta", "/v3alpha"] = ["/v3", "/v3beta", "/v3alpha"];
