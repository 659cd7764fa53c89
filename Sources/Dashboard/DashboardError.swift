import Foundation
import NIOCore

/// Why the server cannot listen, in words for the user.
public struct DashboardError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What happened, where, and what to do.
  public let description: String

  init(_ error: IOError, listeningAt address: DashboardConfiguration.Address) {
    switch (address, error.errnoCode) {
    case (.network(_, let port), EADDRINUSE):
      description =
        "port \(port) is taken: stop what listens there, or choose another with --port; 0 takes a free one"
    case (.network(_, let port), EACCES):
      description = "port \(port) is not for everybody: choose one from 1024 on with --port"
    case (.network(let host, _), EADDRNOTAVAIL):
      description = "\(host) is no address of this machine: choose one with --host"
    case (.network(let host, let port), _):
      description = "cannot listen at \(host) port \(port): \(error)"
    case (.unixSocket(let path), _):
      description = "cannot listen at \(path): \(error); is its folder there, and yours?"
    }
  }
}
