import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Why an exchange with one node brought no answer, and what is known about the call's effect.
struct ExchangeFailure: Error {
  enum Kind {
    /// The node cannot have acted on the call, or acting twice is harmless.
    case notDone
    /// The node may have acted on the call.
    case outcomeUnknown
    case cancelled
    case unreadableFile(path: String)
  }

  var kind: Kind
  var reason: String

  init(kind: Kind, reason: String) {
    self.kind = kind
    self.reason = reason
  }

  init(_ error: any Error, of call: Call, upload: Upload?) {
    reason = Self.describe(error)
    if let error = error as? FileReadError {
      kind = .unreadableFile(path: error.path)
    } else if Task.isCancelled {
      kind = .cancelled
    } else if call.repetition == .harmless || Self.happenedBeforeSending(error) {
      kind = .notDone
    } else if let upload, !upload.isHandedOver {
      // A body that is cut short is a bad request to any server: it cannot have been acted on.
      kind = .notDone
    } else {
      kind = .outcomeUnknown
    }
  }

  /// Whether the error can only come from setting up a connection.
  private static func happenedBeforeSending(_ error: any Error) -> Bool {
    switch error {
    case is NIOConnectionError, is NIOSSLExtraError: true
    case let error as HTTPClientError: error == .connectTimeout || error == .tlsHandshakeTimeout
    case let error as NIOSSLError:
      if case .handshakeFailed = error { true } else { false }
    case let error as IOError:
      [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
    default: false
    }
  }

  private static func describe(_ error: any Error) -> String {
    switch error {
    case let error as TimeoutError:
      "no answer within \(error.limit.components.seconds) s"
    case let error as FileReadError:
      error.reason
    case let error as IOError:
      String(cString: strerror(error.errnoCode)).lowercased()
    case let error as NIOConnectionError:
      if let cause = error.connectionErrors.first?.error {
        describe(cause)
      } else {
        "the host name \(error.host) has no address"
      }
    case let error as HTTPClientError where error == .connectTimeout:
      "no connection within the time allowed"
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      "the connection was closed"
    case is NIOSSLExtraError:
      "its TLS certificate is for another host"
    case let error as NIOSSLError:
      if case .handshakeFailed(let cause) = error,
        "\(cause)".contains("CERTIFICATE_VERIFY_FAILED")
      {
        EndpointFailure.untrustedCertificate
      } else {
        "TLS could not be agreed on"
      }
    default:
      "\(error)"
    }
  }
}
