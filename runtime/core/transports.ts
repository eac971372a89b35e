/**
 * What packages that build on this one share with it to write transports: what holds messages that wait, the deadlines
 * of servers, the endpoint of a failed call, and the mark of our own transports. It changes with any version.
 *
 * @module
 */
export { Fifo } from "./collections/fifo.js";
export { hasServerDeadlineExpired } from "./timers/server-deadline.js";
export { endpointOf } from "./transport/failed-endpoint.js";
export { messageMemory } from "./transport/message-memory.js";
export { trusted } from "./transport/trusted-transports.js";
