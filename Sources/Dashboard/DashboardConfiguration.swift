import Foundation
import HostNames
import NamedQueries

/// How the dashboard is served.
public struct DashboardConfiguration: Sendable {
  /// Where it listens.
  public enum Address: Equatable, Sendable {
    /// An address or name of this machine, and a port; 0 is any free one.
    case network(host: String, port: Int)
    /// A socket in the file system.
    case unixSocket(path: String)
  }

  /// What one request may cost.
  public struct Limits: Sendable {
    /// After how many seconds a query is stopped.
    public var seconds: Double = 10
    /// The most rows of an answer.
    public var rows = 100_000
    /// The most questions of one request for many answers.
    public var questions = 64
    /// How many bytes of an answer are kept for a client that is slow.
    public var bufferedBytes = 1_048_576
    /// How many bytes of answers are kept for others who ask the same.
    public var cachedBytes = 16_777_216
    /// How many queries run at once.
    public var readers = 4
    /// How many questions may wait for one of those.
    public var waiting = 512
    /// How many connections there may be.
    public var connections = 1024
    /// How many pages may follow the events.
    public var listeners = 256
    /// After how many seconds an idle connection is closed.
    public var idleSeconds: Int64 = 60

    /// The usual limits.
    public init() {}
  }

  /// Where it listens.
  public var address: Address
  /// The store, which need not be there yet.
  public var storePath: String
  /// Finds the queries; asked with every question, so that a new file counts within a second.
  public var catalog: @Sendable () throws(QueryError) -> QueryCatalog
  /// What every client must know, by cookie or bearer token; nil for none.
  public var token: String?
  /// Names besides those of the address that a client may use for this server.
  public var hostNames: [String]
  /// The charts library, if there is one.
  public var chartsLibrary: URL?
  /// What one request may cost.
  public var limits = Limits()

  /// A configuration of its parts.
  public init(
    address: Address, storePath: String,
    catalog: @escaping @Sendable () throws(QueryError) -> QueryCatalog, token: String? = nil,
    hostNames: [String] = [], chartsLibrary: URL? = nil
  ) {
    self.address = address
    self.storePath = storePath
    self.catalog = catalog
    self.token = token
    self.hostNames = hostNames
    self.chartsLibrary = chartsLibrary
  }
}

extension DashboardConfiguration.Address {
  /// Whether only programs of this machine can come here.
  public var isLocal: Bool {
    switch self {
    case .unixSocket: true
    case .network(let host, _): HostName.isLoopback(host)
    }
  }
}
