/// Why the REST API could not start.
public enum GatewayError: Error, Hashable, Sendable {
  /// Another program listens there.
  case addressInUse(host: String, port: Int)
  /// The address is none of this machine's.
  case addressNotAvailable(host: String, port: Int)
  /// The name of the host is unknown.
  case unknownHost(String)
  /// The port needs rights that the process does not have.
  case notPermitted(host: String, port: Int)
  /// OpenSSL cannot compute scrypt, which passwords need.
  case noCryptography
  /// Anything else the system says.
  case cannotListen(host: String, port: Int, reason: String)
}

extension GatewayError: CustomStringConvertible {
  /// What is wrong and what to do, in one line.
  public var description: String {
    switch self {
    case .addressInUse(let host, let port):
      "another program listens on \(host):\(port); stop it or choose another port with --port"
    case .addressNotAvailable(let host, let port):
      "\(host):\(port) is no address of this machine; choose another with --host"
    case .unknownHost(let host):
      "the host name '\(host)' cannot be resolved; choose another with --host"
    case .notPermitted(let host, let port):
      "this process may not listen on \(host):\(port); choose a port above 1023 with --port"
    case .noCryptography:
      "OpenSSL on this machine cannot compute scrypt; install OpenSSL 3 with its default provider"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(host):\(port): \(reason)"
    }
  }
}
