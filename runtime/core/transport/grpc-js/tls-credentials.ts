import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import type { ChannelCredentials } from "@grpc/grpc-js";
import type { Address } from "../endpoints/endpoint.js";
import type { TlsSide } from "../endpoints/tls.js";
import type { Library } from "./library.js";

type SecureConnector = ReturnType<ChannelCredentials["_createSecureConnector"]>;

/**
 * The credentials of a channel with TLS to an address. grpc-js keeps the certificates that a channel was made with: here
 * each connection begins with those that are the latest by then.
 *
 * For an IP address without a name to verify, grpc-js would send the address as the server's name, which RFC 6066 does not
 * allow and Node.js refuses from version 26 on: there the TLS connection is made here. The certificate is verified against
 * the address.
 */
export function tlsCredentials({ credentials }: Library, address: Address, tls: TlsSide): ChannelCredentials {
  const isAddress = tls.servername === undefined && "host" in address && isIP(address.host) !== 0;
  const latest = (): ChannelCredentials => credentials.createFromSecureContext(tls.secureContext);
  const secure = latest();
  const create = secure._createSecureConnector.bind(secure);
  secure._createSecureConnector = (...args): SecureConnector => {
    const connector = create(...args);
    connector.connect = (socket) => {
      if (!isAddress)
        return latest()
          ._createSecureConnector(...args)
          .connect(socket);
      const { secureContext } = tls;
      return secured({ socket, host: address.host, secureContext, ALPNProtocols: ["h2"] }).then((encrypted) => ({
        socket: encrypted,
        secure: true,
      }));
    };
    return connector;
  };
  return secure;
}

/** Resolves when TLS is set up and the certificate is verified, which Node.js makes an error otherwise. */
function secured(options: ConnectionOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => resolve(socket));
    socket.on("error", reject);
  });
}
