/** Which etcd server is wanted. Nothing said: any. */
export interface EtcdRequest {
  /** A minor version (`3.5`) or an exact one (`3.5.16`). */
  readonly version?: string | undefined;
  /** The codename of the Debian suite whose package it must be, e.g. `bookworm` or `sid`. */
  readonly suite?: string | undefined;
}

/** An etcd server's executable file. */
export interface EtcdBinary {
  readonly path: string;
  /** As the executable itself says, e.g. `3.4.23`. */
  readonly version: string;
  /** Where it comes from, for people, e.g. `PATH`. */
  readonly source: string;
}

/** Whether an exact version is the one asked for. */
export function isVersionWanted(version: string, request: EtcdRequest): boolean {
  return request.version === undefined || version === request.version || version.startsWith(`${request.version}.`);
}

/** The request as a noun phrase, e.g. `etcd 3.5 of Debian trixie`. */
export function describeRequest(request: EtcdRequest): string {
  const version = request.version === undefined ? "etcd" : `etcd ${request.version}`;
  return request.suite === undefined ? version : `${version} of Debian ${request.suite}`;
}
