import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";

/** The addresses of an endpoint's host name. All connections to the endpoint share them. */
export class Addresses {
  #known: readonly LookupAddress[] = [];

  /** How many addresses the name had when it was last resolved; 0 if it never was. */
  get count(): number {
    return this.#known.length;
  }

  /**
   * Creates a function that resolves the name. If that fails, for example because the name server is down, the function
   * returns the addresses that are known.
   *
   * @param first the number of the address to begin with. Each attempt to connect should begin with another one: an
   *   address may accept connections and not respond
   * @param onResolved called when {@link count} is up to date
   */
  from(first: number, onResolved: () => void): LookupFunction {
    return (host, options, callback) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        if (error === null && found.length > 0) this.#known = found;
        const known = this.#known;
        const start = first % Math.max(known.length, 1);
        const turned = [...known.slice(start), ...known.slice(0, start)];
        const address = turned[0];
        onResolved();
        if (address === undefined) callback(error, "", 0);
        else if (options.all === true) callback(null, turned);
        else callback(null, address.address, address.family);
      });
    };
  }
}
