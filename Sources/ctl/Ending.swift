import ArgumentParser
import CloudClient

/// What the process's exit code means.
enum ExitStatus: Int32 {
  case done = 0
  case refused = 1
  case wrongUsage = 2
  case unreachable = 3
  case unhealthy = 4
}

/// A reason of this program's own not to do what was asked.
struct CommandFailure: Error, Equatable {
  var status: ExitStatus
  /// One line: what is wrong and what to do.
  var message: String

  static func wrongUsage(_ message: String) -> CommandFailure {
    CommandFailure(status: .wrongUsage, message: message)
  }
}

/// The command did its work and found the cluster unhealthy; what it printed says why.
struct ClusterUnhealthy: Error {}

/// How the process ends after an error: what is printed where, and the exit code.
struct Ending: Equatable {
  var status: ExitStatus
  var standardOutput = ""
  var standardError = ""

  init(of error: any Error) {
    switch error {
    case let error as CommandFailure:
      status = error.status
      standardError = "clean-ctl: \(error.message)"
    case let error as CloudError:
      status = error.exitStatus
      standardError = "clean-ctl: \(error.onCommandLine)"
    case is ClusterUnhealthy:
      status = .unhealthy
    default:
      // A request for help is an "error" to ArgumentParser; its other exit code is 64, EX_USAGE.
      if CleanCtl.exitCode(for: error).isSuccess {
        status = .done
        standardOutput = CleanCtl.fullMessage(for: error)
      } else {
        status = .wrongUsage
        standardError = CleanCtl.fullMessage(for: error)
      }
    }
  }
}

extension CloudError {
  var exitStatus: ExitStatus {
    switch self {
    case .refused, .cancelled: .refused
    case .unreachable, .outcomeUnknown, .invalidResponse: .unreachable
    case .invalidEndpoint, .unusableCertificates, .unreadableFile: .wrongUsage
    }
  }

  /// The error's own line, and what to do about it where that is done with this program.
  var onCommandLine: String {
    switch self {
    case .refused(let problem) where problem.code == .unauthenticated:
      return "\(self); log in with `clean-ctl login EMAIL`, or give --token"
    case .unreachable(let failures)
    where failures.contains { $0.reason == EndpointFailure.untrustedCertificate }:
      return "\(self), and name the authority's certificate with --cacert"
    default:
      return description
    }
  }
}
