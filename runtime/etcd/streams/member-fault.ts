import { innermostMessage } from "../api/go-status.js";

/** The errors of a member that is no longer the leader, knows no leader, or is shutting down. Their codes vary. */
const WORDS =
  /^(?:not a primary lessor|raft: stopped|server stopped|not leader|leader changed|no leader|unhealthy cluster|not capable|request timed out(?:, .*)?|peer not available)$/;

/** The error of a learner for all that it does not serve, before it does anything. */
const OF_LEARNER = "rpc not supported for learner";

/** The error of a member that has dropped a write before any member could store it, for lack of a leader. */
const DROPPED = "raft proposal dropped";

/** The RPCs that make one write at most. Others, such as a lock, may have made another one before. */
const OF_ONE_WRITE = /^\/etcdserverpb\.(?:KV|Lease)\//;

/**
 * The delay before each repetition of a call to which members have only responded with faults of their own, in
 * milliseconds. Members take about a second to elect a leader.
 */
export const REPEAT_DELAYS: readonly number[] = [0, 200, 500, 1_000];

/**
 * Whether an error of etcd concerns only the member that responded. Another member, or the same one a little later, may
 * then succeed. The request may nevertheless have been carried out: see {@link isRefusal}.
 */
export function isMemberFault(message: string): boolean {
  const words = wordsOf(message);
  return words === OF_LEARNER || words === DROPPED || WORDS.test(words);
}

/** Whether an error of etcd says that the member has carried out nothing of a call, and that another one may do so. */
export function isRefusal(message: string, path: string): boolean {
  const words = wordsOf(message);
  return words === OF_LEARNER || (words === DROPPED && OF_ONE_WRITE.test(path));
}

function wordsOf(message: string): string {
  return innermostMessage(message).replace(/^(?:etcdserver|lease|mvcc): /, "");
}
