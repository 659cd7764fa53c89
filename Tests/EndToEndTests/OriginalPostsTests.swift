import Foundation
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// 5,000 messages of the original system, published with programs that are not ours.
@Suite struct OriginalPostsTests {
  enum Publisher: CaseIterable { case kcat, kafkaPython }

  /// A question, as command-line arguments, and the answer of a brute-force scan.
  struct Answer: Decodable {
    let arguments: [String]
    let columns: [String]
    let rows: [[String]]
  }

  @Test(arguments: Publisher.allCases)
  func postsArriveAndAreAnsweredExactly(_ publisher: Publisher) async throws {
    try await onThread {
      let posts = TestFiles.fixture("original-5k.ndjson")
      let pipeline = try Pipeline()
      switch publisher {
      case .kcat: try pipeline.publishWithKcat(posts)
      case .kafkaPython: try pipeline.publishWithPython(posts)
      }
      try pipeline.consumeToEnd()
      let reader = try pipeline.reader()
      #expect(try reader.integers("SELECT count(*) FROM social_posts") == [5000])
      #expect(try reader.integers("SELECT sum(stored) FROM kafka_partitions") == [5000])
      #expect(try reader.integers("SELECT count(*) FROM kafka_partitions") == [4])
      #expect(try reader.integers("SELECT count(*) FROM rejected_messages") == [0])

      let answers = try String(
        contentsOf: TestFiles.fixture("original-5k-answers.jsonl"), encoding: .utf8
      ).split(separator: "\n").map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
      #expect(answers.count > 40)
      for answer in answers {
        let outcome = try socialq(answer.arguments + ["--format", "json"], store: pipeline.store)
        #expect(outcome.status == 0, "\(answer.arguments): \(outcome.standardError)")
        let rows = try rows(of: outcome.standardOutput, columns: answer.columns)
        #expect(rows == answer.rows.map { $0.map(Cell.init) }, "\(answer.arguments)")
      }
    }
  }

  /// A cell, of which numbers are the same however they are written.
  enum Cell: Equatable {
    case number(Double)
    case text(String)

    init(_ text: String) {
      self = Double(text).map(Cell.number) ?? .text(text)
    }
  }

  private func rows(of json: String, columns: [String]) throws -> [[Cell]] {
    let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
    let rows = try #require(value as? [[String: Any]])
    return try rows.map { row in
      try columns.map { column in
        switch try #require(row[column]) {
        case is NSNull: Cell("")
        case let text as String: Cell(text)
        case let number: Cell("\(number)")
        }
      }
    }
  }
}
