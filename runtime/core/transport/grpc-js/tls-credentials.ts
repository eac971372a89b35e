import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import type { ChannelCredentials } from "@grpc/grpc-js";
import type { Address } from "../endpoints/endpoint.js";
import type { TlsSide } from "../endpoints/tls.js";
import type { Library } from "./library.js";

type SecureConnector = ReturnType<ChannelCredentials["_createSecureConnector"]>;

/**
 * Creates the credentials of a channel with TLS to an address. grpc-js would keep the certificates that a channel was
 * created with; these credentials use the latest ones for each connection.
 *
 * For an IP address without a name to verify, grpc-js would send the address as the server name. RFC 6066 does not
 * allow this, and Node.js 26 and later refuse it. In this case the TLS connection is made here, and the certificate is
 * verified against the address.
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

/** Resolves when TLS is established and the certificate is verified. Rejects otherwise. */
function secured(options: ConnectionOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => resolve(socket));
    socket.on("error", reject);
  });
}
