import { innermostMessage } from "../api/go-status.js";

/** The errors of a member that is no longer the leader, knows no leader, or is shutting down. Their codes vary. */
const WORDS =
  /^(?:not a primary lessor|raft: stopped|raft proposal dropped|server stopped|not leader|leader changed|no leader|unhealthy cluster|not capable|request timed out(?:, .*)?|rpc not supported for learner|peer not available)$/;

/**
 * Whether an error of etcd concerns only the member that responded. Another member, or the same one a little later, may
 * then succeed. The request may nevertheless have been carried out.
 */
export function isMemberFault(message: string): boolean {
  return WORDS.test(innermostMessage(message).replace(/^(?:etcdserver|lease|mvcc): /, ""));
}
