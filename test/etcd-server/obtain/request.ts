/** The requested etcd server. Without members, any server meets the request. */
export interface EtcdRequest {
  /** A minor version (`3.5`) or an exact one (`3.5.16`). */
  readonly version?: string | undefined;
  /** The codename of the Debian suite that the server must come from, for example `bookworm` or `sid`. */
  readonly suite?: string | undefined;
}

/** An etcd server's executable. */
export interface EtcdBinary {
  readonly path: string;
  /** The version that the executable reports, for example `3.4.23`. */
  readonly version: string;
  /** The origin, in words for readers, for example `PATH`. */
  readonly source: string;
}

/** Whether an exact version meets the request. */
export function isVersionWanted(version: string, request: EtcdRequest): boolean {
  return request.version === undefined || version === request.version || version.startsWith(`${request.version}.`);
}

/** Describes the request as a noun phrase, for example `etcd 3.5 of Debian trixie`. */
export function describeRequest(request: EtcdRequest): string {
  const version = request.version === undefined ? "etcd" : `etcd ${request.version}`;
  return request.suite === undefined ? version : `${version} of Debian ${request.suite}`;
}
