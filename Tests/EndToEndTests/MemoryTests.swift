#if os(Linux)
  import Foundation
  import GRDB
  import StoreFixtures
  import TestSupport
  import Testing

  /// What a consumer takes of the machine while it reads, and while its store takes nothing.
  ///
  /// `SOCIALQ_MEMORY` is how many posts to publish.
  @Suite struct MemoryTests {
    @Test func memoryIsBoundedAndFilesDoNotGrow() async throws {
      try await onThread {
        let environment = ProcessInfo.processInfo.environment
        let posts = environment["SOCIALQ_MEMORY"].flatMap(Int.init) ?? 30_000
        let files = try TemporaryDirectory()
        let store = files.path("store.db")
        let broker = try EmbeddedBroker()
        let consumer = try Program(
          "social-consumer",
          ["--brokers", broker.brokers, "--db", store, "--lock-timeout", "10m"])
        try waitUntil("it reads") { consumer.standardError.contains("reading social_media") }
        // The broker keeps some thousand posts of a partition, so that the consumer sets the pace.
        let producer = try Program(
          "social-producer",
          [
            "--brokers", broker.brokers, "--seed", "1", "--backfill", "30d", "--backfill-count",
            "\(posts)", "--backfill-only", "--max-lag", "8000", "--timeout", "5m",
          ])
        var use = Use(of: consumer)
        func watch(until isOver: () throws -> Bool) throws {
          while try !isOver() {
            guard consumer.isRunning else { throw TestSupportError(consumer.standardError) }
            use.sample()
            Thread.sleep(forTimeInterval: 0.1)
          }
        }
        let count = "SELECT SUM(next_offset) FROM kafka_partitions"
        let other = try otherConnection(store)
        func stored() throws -> Int64 {
          try other.read { try Int64.fetchOne($0, sql: count) ?? 0 }
        }
        try watch { try stored() > posts / 2 }
        // The consumer takes the lock again as soon as it has let it go.
        try waitUntil("the store is locked", timeout: .seconds(120)) {
          (try? other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }) != nil
        }
        let stall = ContinuousClock.now + .seconds(posts > 1_000_000 ? 60 : 3)
        try watch { .now > stall }
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try watch { try !producer.isRunning && stored() == posts }
        #expect(try producer.wait().status == 0)
        print("memory: \(posts) posts, \(use)")
        #expect(use.mebibytes.max() ?? 0 < 200, "\(use)")
        #expect(use.hasStableFiles, "\(use)")
        consumer.send(signal: SIGTERM)
        #expect(try consumer.wait().status == 0)
      }
    }
  }

  /// The memory and the open files of a program, from one moment to the next.
  private struct Use: CustomStringConvertible {
    private let folder: String
    private(set) var mebibytes: [Int] = []
    private var files: [Int] = []

    init(of program: Program) { folder = "/proc/\(program.processIdentifier)" }

    mutating func sample() {
      let status = (try? String(contentsOfFile: folder + "/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      guard let kibibytes = kibibytes.flatMap({ Int($0) }),
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder + "/fd")
      else { return }
      mebibytes.append(kibibytes / 1024)
      files.append(names.count)
    }

    /// Whether the second half of the time never had more files open than the first.
    var hasStableFiles: Bool {
      let half = files.count / 2
      return files[half...].max() ?? 0 <= files[..<half].max() ?? 0
    }

    var description: String {
      "\(mebibytes.last ?? 0) MiB at the end, at most \(mebibytes.max() ?? 0); \(files.last ?? 0) files open at the end, at most \(files.max() ?? 0)"
    }
  }
#endif
