import Dashboard
import Foundation
import Logging
import NamedQueries
import PostStore
import Posts
import StoreFixtures
import Synchronization
import TestSupport
import Testing

/// What clients cannot have of a server. One test at a time: they are about waiting.
@Suite(.serialized) struct LimitTests {
  private let files: TemporaryDirectory

  init() throws {
    files = try TemporaryDirectory()
    try StoreWriter(path: files.path("store.db")).store([.sample()])
    try files.write(
      """
      -- title: Endless
      -- column: n count
      WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) AS n FROM n
      """, to: "endless.sql")
  }

  /// Does something with a server in this process, told its port.
  private func withServer(
    _ limits: DashboardConfiguration.Limits,
    _ body: @escaping @Sendable (_ port: UInt16) throws -> Void
  ) async throws {
    let folder = files.path
    var configuration = DashboardConfiguration(
      address: .network(host: "127.0.0.1", port: 0), storePath: files.path("store.db"),
      catalog: { () throws(QueryError) in try QueryCatalog(folders: [(folder, true)]) })
    configuration.limits = limits
    let server = DashboardServer(configuration, logger: Logger(label: "test"))
    let (addresses, told) = AsyncStream<String>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { told.yield($0) } }
      var iterator = addresses.makeAsyncIterator()
      let address = try #require(await iterator.next())
      let port = try #require(
        address.split(separator: ":").last.flatMap { UInt16($0.prefix(while: \.isNumber)) })
      defer { group.cancelAll() }
      try await onThread { try body(port) }
    }
  }

  @Test func aQueryThatTakesTooLongIsEnded() async throws {
    var limits = DashboardConfiguration.Limits()
    limits.seconds = 0.5
    try await withServer(limits) { port in
      let connection = try HTTPConnection(port: port)
      connection.request("/api/queries/endless.json")
      let response = try connection.response()
      #expect(response.status == 503)
      #expect(try response.json()["code"] as? String == "timeout")
    }
  }

  @Test func aLineThatIsFullTakesNoMore() async throws {
    var limits = DashboardConfiguration.Limits()
    (limits.seconds, limits.readers, limits.waiting) = (3, 1, 1)
    try await withServer(limits) { port in
      let waiting = try (0..<2).map { _ in
        let connection = try HTTPConnection(port: port)
        connection.request("/api/queries/endless.json")
        Thread.sleep(forTimeInterval: 0.3)
        return connection
      }
      let refused = try HTTPConnection(port: port)
      refused.request("/api/queries/kpis.json")
      let response = try refused.response()
      #expect(response.status == 503)
      #expect(response.headers["retry-after"] != nil)
      #expect(try response.json()["code"] as? String == "overloaded")
      for connection in waiting {
        #expect(try connection.response().json()["code"] as? String == "timeout")
      }
      refused.request("/api/queries/kpis.json")
      #expect(try refused.response().status == 200)
    }
  }

  /// Questions whose clients have gone are not answered: neither those that run nor those in line.
  @Test(arguments: [
    "/api/queries/endless.json", "/api/answers?q=endless.json",
    "/api/answers?q=endless.json&version=1",
  ])
  func aClientThatHasGoneTakesItsQuestionWithIt(_ path: String) async throws {
    var limits = DashboardConfiguration.Limits()
    (limits.seconds, limits.readers) = (30, 1)
    try await withServer(limits) { port in
      var clients = try (0..<6).map { _ in
        let connection = try HTTPConnection(port: port)
        connection.request(path)
        return connection
      }
      Thread.sleep(forTimeInterval: 1)
      clients.removeAll()
      let start = ContinuousClock.now
      let connection = try HTTPConnection(port: port)
      connection.request("/api/queries/kpis.json")
      #expect(try connection.response().status == 200)
      #expect(ContinuousClock.now - start < .seconds(10))
    }
  }

  @Test func whatIsAnsweredDoesNotWaitForWhatIsNot() async throws {
    var limits = DashboardConfiguration.Limits()
    (limits.seconds, limits.readers) = (4, 2)
    try await withServer(limits) { port in
      let connection = try HTTPConnection(port: port)
      let start = ContinuousClock.now
      connection.request("/api/answers?q=endless.json&q=kpis.json")
      let first = try connection.read(until: "\"question\":1,\"status\":200")
      #expect(!first.contains("\"question\":0") && ContinuousClock.now - start < .seconds(3))
      // Empty lines, each a chunk, until there is more to say.
      let second = try connection.read(until: "\"question\":0,\"status\":503")
      #expect(second.contains("1\r\n\n\r\n1\r\n\n\r\n"))
    }
  }

  @Test func onlySoManyFollowTheStore() async throws {
    var limits = DashboardConfiguration.Limits()
    limits.listeners = 1
    try await withServer(limits) { port in
      let first = try HTTPConnection(port: port)
      first.request("/api/events")
      try first.read(until: "event: store")
      let second = try HTTPConnection(port: port)
      second.request("/api/events")
      #expect(try second.response().status == 503)
    }
  }

  @Test func aConnectionThatSaysNothingIsClosed() async throws {
    var limits = DashboardConfiguration.Limits()
    limits.idleSeconds = 1
    try await withServer(limits) { port in
      let silent = try HTTPConnection(port: port)
      #expect(try silent.readToEnd() == "")
      // One that follows the store is not silent.
      let events = try HTTPConnection(port: port)
      events.request("/api/events")
      try events.read(until: "event: store")
      Thread.sleep(forTimeInterval: 3)
      try StoreWriter(path: files.path("store.db")).store([.sample("new")])
      try events.read(until: "event: store")
    }
  }
}
