import Foundation
import NamedQueries
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

// One server at a time: programs that start all at once would wait for each other.

/// What is asked over HTTP is answered as by the command.
@Suite(.serialized) struct AnswerTests {
  /// Narrowings, as fields of a URL and as options of the command.
  private static let scopes: [(fields: String, options: [String])] = [
    ("", []),
    (
      "since=2025-11-24T18:00:00Z&until=2025-11-25T20:30:00Z",
      ["--since", "2025-11-24T18:00:00Z", "--until", "2025-11-25T20:30:00Z"]
    ),
    (
      "platform=Twitter&platform=TikTok&sentiment=negative,neutral",
      ["--platform", "Twitter", "--platform", "TikTok", "--sentiment", "negative,neutral"]
    ),
    (
      "viral=1&tz=Asia%2FKathmandu&topic=Travel",
      ["--viral", "--tz", "Asia/Kathmandu", "--topic", "Travel"]
    ),
    (
      "topic=%22%22%22%C3%84rger%22%22%2C+again%22%2CFood&until=2025-11-26",
      ["--topic", "\"\"\"Ärger\"\", again\",Food", "--until", "2025-11-26"]
    ),
    (
      "previous=1&since=2025-11-25T02:00&until=2025-11-25T12:30&tz=America%2FNew_York",
      [
        "--previous", "--since", "2025-11-25T02:00", "--until", "2025-11-25T12:30", "--tz",
        "America/New_York",
      ]
    ),
    ("no-rollups&since=2025-11-25", ["--no-rollups", "--since", "2025-11-25"]),
  ]

  /// What queries without a default for one of their parameters are asked.
  private static let values = ["user": "user1", "hashtag": "été", "post": "p1", "q": "kpis.json"]

  @Test func everyQueryIsAnsweredAsByTheCommandInEveryFormat() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts())
      let connection = try HTTPConnection(port: server.port)
      let catalog = try QueryCatalog()
      for (number, name) in catalog.names.enumerated() {
        var fields: [String] = []
        var options: [String] = []
        for parameter in try catalog.query(name).parameters where parameter.defaultValue == nil {
          let value = try #require(Self.values[parameter.name], "\(name) --\(parameter.name)")
          fields.append("\(parameter.name)=\(escaped(value))")
          options += ["--\(parameter.name)", value]
        }
        // Every scope comes to its turn; a program for each of all pairs would take minutes.
        let narrowed = 1 + number % (Self.scopes.count - 1)
        for index in [0, narrowed] {
          let scope = Self.scopes[index]
          // All formats for one scope, and for the other the one that shows most.
          for format in index == 0 ? ["csv", "json", "ndjson"] : ["csv"] {
            let all = (fields + [scope.fields]).filter { !$0.isEmpty }.joined(separator: "&")
            connection.request("/api/queries/\(name).\(format)?\(all)")
            let response = try connection.response()
            let outcome = try server.command(
              [name] + options + scope.options + ["--format", format])
            #expect(response.status == 200, "\(name)?\(all): \(response.body)")
            #expect(outcome.status == 0, "\(outcome.standardError)")
            #expect(response.body == outcome.standardOutput, "\(name).\(format)?\(all)")
          }
        }
      }
    }
  }

  /// Questions with a mistake, the status and the kind of the problem, and a word of what would be right.
  private static let mistakes: [(path: String, status: Int, code: String, hint: String)] = [
    ("kpis.csv?sinec=1h", 400, "usage", "--since"),
    ("kpis.csv?since=yestrday", 400, "usage", "yesterday"),
    ("kpis.csv?since=1h&since=2h", 400, "usage", "twice"),
    ("kpis.json?platform=", 400, "usage", "--platform"),
    ("kpis.json?previous=1&until=2025-11-25", 400, "usage", "--since"),
    ("kpis.json?bucket=day", 400, "usage", "--bucket"),
    ("kpis.json?tz=Mars", 400, "usage", "time zone"),
    ("top-hashtags.json?limit=0", 400, "usage", "10000"),
    ("account.json", 400, "usage", "--user"),
    ("kpis.json?platform=Twiter", 422, "not-in-store", "Twitter"),
    ("kpi.json", 404, "unknown-query", "kpis"),
    ("kpis.xml", 404, "unknown-format", "csv"),
    ("..%2f..%2fetc%2fpasswd", 404, "unknown-format", "csv"),
  ]

  @Test func aMistakeIsAnsweredWithWhatWouldBeRight() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(30))
      for (path, status, code, hint) in Self.mistakes {
        let response = try server.get("/api/queries/\(path)")
        #expect(response.status == status, "\(path)")
        #expect(response.headers["content-type"] == "application/problem+json", "\(path)")
        let problem = try response.json()
        #expect(problem["status"] as? Int == status)
        #expect(problem["code"] as? String == code, "\(path)")
        #expect((problem["detail"] as? String)?.contains(hint) == true, "\(problem)")
      }
    }
  }

  @Test func anAnswerIsFetchedAgainOnlyIfTheStoreHasChanged() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(30))
      let path = "/api/queries/kpis.json?platform=Twitter"
      let first = try server.get(path)
      let tag = try #require(first.headers["etag"])
      let again = try server.get(path, headers: ["if-none-match": tag])
      #expect(again.status == 304)
      #expect(again.body.isEmpty)
      #expect(try server.get(path, headers: ["if-none-match": "\"other\", W/\(tag)"]).status == 304)
      // Another question, or the same in another form, is another answer.
      for other in ["?platform=TikTok", "?platform=Twitter&since=2025-11-25", ""] {
        let response = try server.get(
          "/api/queries/kpis.json\(other)", headers: ["if-none-match": tag])
        #expect(response.status == 200)
      }
      try StoreWriter(path: server.store).store([.sample("new") { $0.platform = "Twitter" }])
      let changed = try server.get(path, headers: ["if-none-match": tag])
      #expect(changed.status == 200)
      #expect(changed.body != first.body)
    }
  }

  @Test func anAnswerThatWasKeptIsTheOneOfTheStoreThatIsThere() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(30))
      let asked = ["kpis.json", "kpis.csv", "kpis.json?platform=Twitter"]
      func answers() throws -> [String] {
        try asked.map { try server.get("/api/queries/\($0)").body }
      }
      let first = try answers()
      #expect(Set(first).count == asked.count)
      #expect(try answers() == first)
      let now = Timestamp(microseconds: 1_764_100_000_000_000)
      try StoreWriter(path: server.store).store(
        [.sample("new") { $0.platform = "Twitter" }], now: now)
      let second = try answers()
      for (before, after) in zip(first, second) { #expect(before != after) }
      // Another store in its place, after as many changes.
      for ending in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: server.store + ending)
      }
      let other = try StoreWriter(path: server.store)
      try other.store(somePosts(20))
      try other.store(
        [.sample("other") { $0.platform = "Twitter" }],
        now: Timestamp(microseconds: now.microseconds + 1))
      let third = try answers()
      for (before, after) in zip(second, third) { #expect(before != after) }
      #expect(try server.command(["kpis", "--format", "csv"]).standardOutput == third[1])
    }
  }

  @Test func aLargeAnswerIsStreamedWholeAndOneThatIsTooLargeRefused() async throws {
    try await onThread {
      let folder = try TemporaryDirectory()
      // 300 posts thrice crossed: many rows without a large store.
      for (name, limit) in [("many", 60_000), ("too-many", 200_000)] {
        try folder.write(
          """
          -- title: Many
          -- column: a id
          -- column: b id
          -- column: c id
          -- column: d text
          SELECT a.post_id AS a, b.post_id AS b, c.post_id AS c, 'a text that is long' AS d
          FROM scoped_posts AS a, scoped_posts AS b, scoped_posts AS c LIMIT \(limit)
          """, to: "\(name).sql")
      }
      let other = try DashboardProcess(somePosts(300), ["--queries", folder.url.path])
      let many = try other.get("/api/queries/many.csv")
      #expect(many.status == 200)
      #expect(many.headers["transfer-encoding"] == "chunked")
      #expect(many.body.split(separator: "\n").count == 60_001)
      // Its beginning is under way when its end is found to be too far: it must not look whole.
      #expect(throws: (any Error).self) { try other.get("/api/queries/too-many.csv") }
      // The readers are free again.
      #expect(try other.get("/api/queries/kpis.json").status == 200)
    }
  }

  @Test func whatThereIsToAskIsDescribedTruly() async throws {
    try await onThread {
      let folder = try TemporaryDirectory()
      try folder.write(
        "-- title: Mine\n-- column: n count\n-- chart: bar x=n y=n\nSELECT 1 AS n", to: "mine.sql")
      try folder.write("SELECT 1 AS n", to: "broken.sql")
      let server = try DashboardProcess(somePosts(10), ["--queries", folder.url.path])
      let described = try server.get("/api/queries").json()
      let queries = try #require(described["queries"] as? [[String: Any]])
      let names = queries.compactMap { $0["name"] as? String }
      #expect(names.contains("mine"))
      #expect(names.count == (try QueryCatalog().names.count) + 1)
      let broken = try #require(described["broken"] as? [[String: Any]])
      #expect(broken.count == 1)

      let document = try server.get("/openapi.json").json()
      let paths = try #require(document["paths"] as? [String: [String: Any]])
      #expect(paths["/api/queries/mine.csv"] != nil)
      let connection = try HTTPConnection(port: server.port)
      for (path, item) in paths where path != "/api/events" {
        let operation = try #require(item["get"] as? [String: Any])
        let parameters = operation["parameters"] as? [[String: Any]] ?? []
        let required = parameters.filter { $0["required"] as? Bool == true }
          .compactMap { $0["name"] as? String }
        let fields = try required.map { "\($0)=\(escaped(try #require(Self.values[$0])))" }
        connection.request(path + "?" + fields.joined(separator: "&"))
        let response = try connection.response()
        #expect(response.status == 200, "\(path): \(response.body)")
        let responses = try #require(operation["responses"] as? [String: [String: Any]])
        let content = try #require(responses["200"]?["content"] as? [String: Any])
        let type = response.headers["content-type"]?.split(separator: ";").first.map(String.init)
        #expect(Array(content.keys) == [type], "\(path)")
        let tag = response.headers["etag"]
        #expect((responses["304"] != nil) == (tag != nil), "\(path)")
        if let tag {
          connection.request(
            path + "?" + fields.joined(separator: "&"), headers: ["if-none-match": tag])
          #expect(try connection.response().status == 304, "\(path)")
        }
        guard path.hasPrefix("/api/queries/") else { continue }
        let query = try QueryCatalog(folders: [(folder.url.path, true)])
          .query(String(path.dropFirst("/api/queries/".count).prefix { $0 != "." }))
        var known = Set(QuestionRequest.scopeFields + query.parameters.map(\.name))
        if query.bucket == nil { known.remove("bucket") }
        #expect(Set(parameters.compactMap { $0["name"] as? String }) == known, "\(path)")
      }
    }
  }
}

/// A text as a value of a URL.
private func escaped(_ text: String) -> String {
  text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
}
