import { Code, type RpcError } from "@etcd-gateway/client";
import { tokenFault } from "../api/token-fault.js";

/**
 * Whether etcd has refused a call only because its token has expired or is older than a change of the users. Such a call
 * has changed nothing. (A lock or campaign that has waited leaves its key in the queue, until its lease ends.)
 *
 * The status does not suffice. Locks, elections and maintenance respond 500, and calls with a JSON Web Token 400 after a
 * change of the users. A missing token is not meant: nobody has refused it.
 */
export function refusesToken({ code, httpStatus, rawMessage }: RpcError): boolean {
  if (httpStatus === 401 || code === Code.UNAUTHENTICATED) return true;
  const fault = tokenFault(rawMessage);
  return fault !== undefined && fault !== "missing";
}
