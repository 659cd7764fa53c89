import Foundation
import Posts
import Testing

@testable import SyntheticPosts

@Suite struct ExpectedStoreTests {
  private typealias Outcome = ExpectedStore.Outcome

  /// The rules once more, on what a consumer sees: keys, bytes and record times.
  private struct BruteForce {
    private var decoder = PostDecoder()
    private var log: [ExactString: [(recordTime: Int64, post: Post?)]] = [:]
    private(set) var outcomes: [Outcome: Int] = [:]

    /// The version that stands is found by sorting all of them: by record time, then by arrival.
    private func standing(_ id: ExactString) -> Post? {
      let versions = (log[id] ?? []).enumerated().sorted {
        ($0.element.recordTime, $0.offset) < ($1.element.recordTime, $1.offset)
      }
      return versions.last?.element.post
    }

    mutating func apply(_ message: Message) {
      outcomes[outcome(message), default: 0] += 1
    }

    private mutating func outcome(_ message: Message) -> Outcome {
      var post: Post?
      if let value = message.value {
        post = value.withUnsafeBytes { try? decoder.decode($0) }
        if post == nil { return .rejected }
      }
      guard let id = post?.postID ?? message.key else { return .rejected }
      let isStale = (log[id] ?? []).contains { $0.recordTime > message.recordTime }
      let before = standing(id)
      log[id, default: []].append((message.recordTime, post))
      if isStale { return .stale }
      guard let before else { return post == nil ? .ignored : .stored }
      guard let post else { return .deleted }
      return post == before ? .duplicate : .updated
    }

    var posts: [Post] { log.keys.compactMap { standing($0) }.sorted { $0.postID < $1.postID } }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func itEqualsBruteForceOverTheBytes(seed: UInt64) {
    var store = ExpectedStore()
    var bruteForce = BruteForce()
    for message in messages(seed: seed, posts: 4000, faults: heavyFaults, span: 60_000_000) {
      store.apply(message)
      bruteForce.apply(message)
    }
    for outcome in Outcome.allCases {
      #expect(store.count(of: outcome) == bruteForce.outcomes[outcome, default: 0], "\(outcome)")
      #expect(store.count(of: outcome) > 0, "\(outcome)")
    }
    #expect(Array(store.posts) == bruteForce.posts)
    #expect(store.postCount == bruteForce.posts.count)
  }

  @Test func onlyTheOrderWithinAKeyMatters() {
    let all = messages(seed: 1, posts: 3000, faults: heavyFaults)
    let partitions = Dictionary(grouping: all) { message in
      (message.key?.string ?? "").utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 3
    }
    var (whole, apart) = (ExpectedStore(), ExpectedStore())
    for message in all { whole.apply(message) }
    for partition in [2, 0, 1] {
      for message in partitions[partition] ?? [] { apart.apply(message) }
    }
    #expect(whole.summary == apart.summary)
    #expect(Array(whole.posts) == Array(apart.posts))
  }

  @Test func versionsFollowTheRules() throws {
    var old = PostGenerator(seed: 1, accounts: 10).post(0, at: wednesday)
    old.likes = 10
    var new = old
    new.likes = 15
    let cases: [([(post: Post?, recordTime: Int64)], [Outcome], Int64?)] = [
      ([(old, 5), (old, 5)], [.stored, .duplicate], 10),
      ([(old, 5), (new, 6)], [.stored, .updated], 15),
      ([(new, 6), (old, 5)], [.stored, .stale], 15),
      ([(old, 5), (new, 5)], [.stored, .updated], 15),
      ([(new, 5), (old, 5)], [.stored, .updated], 10),
      ([(old, 5), (nil, 6), (new, 5)], [.stored, .deleted, .stale], nil),
      ([(old, 5), (nil, 6), (new, 6)], [.stored, .deleted, .stored], 15),
      ([(nil, 6), (nil, 7), (old, 7)], [.ignored, .ignored, .stored], 10),
      ([(old, 5), (nil, 4)], [.stored, .stale], 10),
    ]
    for (versions, outcomes, likes) in cases {
      var store = ExpectedStore()
      let got = versions.map { version in
        store.apply(
          Message(
            key: old.postID, content: version.post.map { .post($0) } ?? .tombstone,
            recordTime: version.recordTime))
      }
      #expect(got == outcomes)
      #expect(store.posts.first { _ in true }?.likes == likes)
      #expect(store.postCount == (likes == nil ? 0 : 1))
    }
  }

  @Test func anExportIsWholeSortedAndDecodes() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "expected-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "truth.ndjson").path
    var store = ExpectedStore()
    for message in messages(seed: 1, posts: 500, faults: heavyFaults) { store.apply(message) }
    try store.export(to: path)
    try store.export(to: path)

    let lines = try Data(contentsOf: URL(filePath: path)).split(separator: 10)
    #expect(String(decoding: lines[0], as: UTF8.self) == store.summary)
    var decoder = PostDecoder()
    let posts = try lines.dropFirst().map { line in
      try line.withUnsafeBytes { try decoder.decode($0) }
    }
    #expect(posts == Array(store.posts))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["truth.ndjson"])
    let summary = try #require(
      try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any])
    #expect(summary["posts"] as? Int == store.postCount)
    #expect((summary["outcomes"] as? [String: Int])?["stored"] == store.count(of: .stored))
  }

  @Test func anExportToNowhereSaysSo() {
    let error = #expect(throws: ExportError.self) {
      try ExpectedStore().export(to: "/nonexistent/folder/truth.ndjson")
    }
    #expect(error?.code == ENOENT)
    #expect(error?.description.contains("/nonexistent/folder/truth.ndjson") == true)
  }
}
