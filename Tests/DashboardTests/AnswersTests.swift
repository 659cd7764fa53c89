import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// Many questions in one request.
@Suite struct AnswersTests {
  /// The lines of a response by the number of their question.
  private func lines(_ response: HTTPResponse) throws -> [Int: [String: Any]] {
    #expect(response.status == 200, "\(response.body)")
    var lines: [Int: [String: Any]] = [:]
    for text in response.body.split(separator: "\n") {
      let line = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let number = try #require(line["question"] as? Int)
      #expect(lines.updateValue(line, forKey: number) == nil)
    }
    return lines
  }

  private func path(_ questions: [String], _ more: String = "") -> String {
    let fields = questions.map {
      "q=" + ($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? $0)
    }
    return "/api/answers?" + fields.joined(separator: "&") + more
  }

  @Test func eachLineSaysWhatItsOwnAddressSays() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts())
      let questions = [
        "kpis.json", "top-hashtags.json?limit=3&platform=TikTok,Twitter", "kpi.json",
        "recent-posts.json?limit=20&tz=Asia/Tokyo", "kpis.json?platform=Twiter",
        "kpis.json?since=2h",
        "account.json?user=%3Cscript%3Ealert%281%29%3C%2Fscript%3E",
      ]
      for more in ["", "&version=1"] {
        let lines = try lines(server.get(path(questions, more)))
        #expect(lines.count == questions.count)
        for (number, question) in questions.enumerated() {
          let own = try server.get("/api/queries/\(question)")
          let line = try #require(lines[number])
          #expect(line["status"] as? Int == own.status, "\(question)")
          let expected = try JSONSerialization.jsonObject(with: Data(own.body.utf8))
          let given = line[own.status == 200 ? "answer" : "problem"]
          #expect((given as? NSObject) == (expected as? NSObject), "\(question)")
          // A window that ends now is another one in another second.
          if !question.contains("since") {
            #expect(line["etag"] as? String == own.headers["etag"], "\(question)")
          }
        }
      }
    }
  }

  @Test func whatAClientHasIsNotSentAgainUntilTheStoreHasChanged() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(30))
      let asked = path(["kpis.json", "top-topics.json"])
      let tags = try lines(server.get(asked)).values.compactMap { $0["etag"] as? String }
      #expect(tags.count == 2)
      let known = ["if-none-match": tags.joined(separator: ", ")]
      for line in try lines(server.get(asked, headers: known)).values {
        #expect(line["status"] as? Int == 304 && line["answer"] == nil)
      }
      _ = try server.get(asked + "&version=1")
      try StoreWriter(path: server.store).store([.sample("new")])
      // Whoever has heard of the new version is never told of the one before.
      for more in ["&version=2", ""] {
        let lines = try lines(server.get(asked + more, headers: known))
        #expect(lines.values.allSatisfy { $0["status"] as? Int == 200 })
        let kpis = try #require(lines[0]?["answer"] as? [[String: Any]])
        #expect(kpis.first?["posts"] as? Int == 31)
      }
    }
  }

  @Test func anAnswerOfTheLastSecondServesOthersOfItsVersion() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(30))
      let asked = path(["kpis.json?since=2000-01-01"])
      func posts(_ more: String) throws -> Int? {
        (try lines(server.get(asked + more))[0]?["answer"] as? [[String: Any]])?.first?["posts"]
          as? Int
      }
      // Within a second on any machine, once in so many times.
      var isShared = false
      for number in 0..<20 where !isShared {
        let version = number + 1
        let before = try posts("&version=\(version)")
        try StoreWriter(path: server.store).store([.sample(ExactString("new\(number)"))])
        isShared = try posts("&version=\(version)") == before
        // An answer of its own, and one to somebody who knows more, are never old.
        #expect(try posts("&version=\(version + 1)") == 31 + number)
        #expect(try posts("") == 31 + number)
      }
      #expect(isShared)
    }
  }

  @Test func aRequestThatIsNoListOfQuestionsIsRefused() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10))
      let many = Array(repeating: "kpis.json", count: 65)
      for (path, hint) in [
        ("/api/answers", "1 to 64"), (path(many), "1 to 64"),
        (path(["kpis.json"], "&since=1h"), "since"),
        (path(["kpis.json"], "&version=new"), "version"),
      ] {
        let response = try server.get(path)
        #expect(response.status == 400, "\(path)")
        #expect(try (response.json()["detail"] as? String)?.contains(hint) == true, "\(path)")
      }
      // A question that is none is one among others.
      let lines = try lines(server.get(path(["kpis.json", "kpis.csv", ""])))
      #expect(lines[0]?["status"] as? Int == 200)
      #expect(lines[1]?["status"] as? Int == 400 && lines[2]?["status"] as? Int == 400)
    }
  }

  @Test func anAnswerThatIsTooLargeForALineIsLeftToItsOwnAddress() async throws {
    try await onThread {
      let folder = try TemporaryDirectory()
      try folder.write(
        """
        -- title: Many
        -- column: a id
        SELECT a.post_id AS a FROM scoped_posts AS a, scoped_posts AS b LIMIT 90000
        """, to: "many.sql")
      let server = try DashboardProcess(somePosts(300), ["--queries", folder.url.path])
      let lines = try lines(server.get(path(["many.json", "kpis.json"])))
      #expect(lines[0]?["status"] as? Int == 413)
      #expect((lines[0]?["problem"] as? [String: Any])?["code"] as? String == "large")
      #expect(lines[1]?["status"] as? Int == 200)
      #expect(try server.get("/api/queries/many.json").status == 200)
    }
  }
}
