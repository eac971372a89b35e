/** How Go writes a gRPC status as text: some of etcd's services wrap the status of another one in that way. */
const WRAPPED = /^(?:rpc error: code = \w+ desc = )+/;

/** What a member says that is no leader any more, knows of none, or is on its way down, whatever the code it says it with. */
const WORDS =
  /^(?:not a primary lessor|raft: stopped|raft proposal dropped|server stopped|not leader|leader changed|no leader|unhealthy cluster|not capable|request timed out(?:, .*)?|rpc not supported for learner|peer not available)$/;

/**
 * Whether an error of etcd is about the member that answered, so that another one, or the same a little later, may answer
 * well. It says nothing of whether the request was carried out.
 */
export function isMemberFault(message: string): boolean {
  return WORDS.test(message.replace(WRAPPED, "").replace(/^(?:etcdserver|lease|mvcc): /, ""));
}
