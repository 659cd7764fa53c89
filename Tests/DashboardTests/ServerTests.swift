import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// What the server lets in, and how it starts, lives and stops.
@Suite(.serialized) struct ServerTests {
  @Test func everyResponseTellsTheBrowserWhatItMayDo() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10))
      for path in ["/", "/api/queries", "/api/queries/kpis.csv", "/api/queries/none.csv", "/none"] {
        let headers = try server.get(path).headers
        let policy = try #require(headers["content-security-policy"])
        #expect(policy.contains("default-src 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(headers["x-content-type-options"] == "nosniff")
        #expect(headers["referrer-policy"] == "no-referrer")
        #expect(headers["x-frame-options"] == "DENY")
        #expect(headers["access-control-allow-origin"] == nil)
      }
      let page = try server.get("/").body
      #expect(!page.contains("<script>") && !page.contains("style="))
    }
  }

  /// Modules that are found only by reading others come one round after the other.
  @Test func thePageNamesAllOfItsModules() throws {
    let web = TestFiles.package.appending(path: "web")
    let files = try FileManager.default.contentsOfDirectory(atPath: web.path)
    let page = try String(contentsOf: web.appending(path: "index.html"), encoding: .utf8)
    let named = page.matches(of: /(?:modulepreload" href|module" src)="\/assets\/([^"]+)"/).map {
      String($0.1)
    }
    #expect(named.sorted() == files.filter { $0.hasSuffix(".js") }.sorted())
  }

  @Test func onlyItsOwnNamesAreAnswered() async throws {
    let hosts = [
      ("127.0.0.1", 200), ("localhost:8501", 200), ("[::1]:1", 200), ("friend.example", 200),
      ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("192.168.0.1", 421),
    ]
    try await onThread {
      let server = try DashboardProcess(somePosts(10), ["--allow-host", "friend.example"])
      for (host, status) in hosts {
        #expect(try server.get("/api/queries", headers: ["host": host]).status == status)
        #expect(try server.get("/", headers: ["host": host]).status == status)
      }
    }
  }

  @Test func withATokenNothingIsToldWithoutIt() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10), ["--token", "open sesame"])
      for path in ["/", "/api/queries", "/api/queries/kpis.json", "/api/events", "/openapi.json"] {
        #expect(try server.get(path).status == 401)
      }
      for wrong in ["Bearer open sesam", "Bearer open sesamee", "Bearer ", "Basic open sesame"] {
        #expect(try server.get("/api/queries", headers: ["authorization": wrong]).status == 401)
      }
      let bearer = ["authorization": "Bearer open sesame"]
      #expect(try server.get("/api/queries/kpis.json", headers: bearer).status == 200)
      #expect(try server.get("/?token=open+sesam").status == 401)
      let welcome = try server.get("/?token=open+sesame")
      #expect(welcome.status == 303)
      #expect(welcome.headers["location"] == "/")
      let cookie = try #require(welcome.headers["set-cookie"])
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
      let pair = String(cookie.prefix { $0 != ";" })
      #expect(try server.get("/", headers: ["cookie": "a=b; \(pair)"]).status == 200)
      // The view that a link shows is kept, whatever is in it.
      let shared = try server.get("/?range=7d&token=open+sesame&topic=%22a%22%0D%0Ax:+y")
      #expect(shared.headers["location"] == "/?range=7d&topic=%22a%22%0d%0ax%3a%20y")
      // Servers on two ports do not take each other's cookie away.
      let other = try server.get(
        "/?token=open+sesame", headers: ["host": "127.0.0.1:\(server.port)"])
      #expect(other.headers["set-cookie"]?.hasPrefix(pair) == false)
    }
  }

  @Test func offThisMachineATokenIsAMust() async throws {
    try await onThread {
      let outcome = try Program.run("socialq", ["serve", "--host", "0.0.0.0", "--port", "0"])
      #expect(outcome.status == 64)
      #expect(outcome.standardError.contains("--token"))
    }
  }

  @Test func onlyQuestionsAreTaken() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10))
      for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        #expect(try server.get("/api/queries", method: method).status == 405)
      }
      let body = try server.get("/api/queries", headers: ["content-length": "99999999999"])
      #expect(body.status == 413)
      let head = try server.get("/api/queries/kpis.csv", method: "HEAD")
      #expect(head.status == 200)
      // A header without end is refused before it is all there.
      let connection = try HTTPConnection(port: server.port)
      connection.send("GET / HTTP/1.1\r\nhost: localhost\r\nx: ")
      connection.send(String(repeating: "a", count: 200_000))
      // It closes at once; if it were silent, reading would fail.
      let answer = try connection.readToEnd()
      #expect(answer.isEmpty || answer.contains(" 400 ") || answer.contains(" 431 "))
      #expect(try server.get("/api/queries/kpis.json").status == 200)
    }
  }

  @Test func eventsTellOfAChangeOnceAndOfNothingElse() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10))
      let events = try HTTPConnection(port: server.port)
      events.request("/api/events")
      try events.read(until: "text/event-stream")
      let first = try events.read(until: "\"version\":1}\n\n")
      #expect(first.contains("event: store"))
      try StoreWriter(path: server.store).store([.sample("new")])
      let second = try events.read(until: "\"version\":2}\n\n")
      #expect(second.components(separatedBy: "event:").count == 2)
      // The next one is told a second later, however soon it comes.
      let start = ContinuousClock.now
      try StoreWriter(path: server.store).store([.sample("newer")])
      try events.read(until: "\"version\":3}\n\n")
      #expect(ContinuousClock.now - start > .milliseconds(700))
      // Changes that follow each other are one.
      let writer = try StoreWriter(path: server.store)
      for number in 0..<3 { try writer.store([.sample(ExactString("more\(number)"))]) }
      let last = try events.read(until: "\"version\":6}\n\n")
      #expect(last.components(separatedBy: "event:").count == 2)
    }
  }

  @Test func withoutAStoreTheServerWaitsForOne() async throws {
    try await onThread {
      let server = try DashboardProcess(nil)
      let events = try HTTPConnection(port: server.port)
      events.request("/api/events")
      try events.read(until: "event: nostore")
      let refusal = try server.get("/api/queries/kpis.json")
      #expect(refusal.status == 503)
      #expect(try refusal.json()["code"] as? String == "no-store")
      #expect(try server.get("/").status == 200)
      try StoreWriter(path: server.store).store([.sample("first")])
      try events.read(until: "event: store")
      #expect(try server.get("/api/queries/kpis.json").status == 200)
    }
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func itStopsAtASignalAlsoWhileEventsAreFollowed(_ signal: Int32) async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10))
      let events = try HTTPConnection(port: server.port)
      events.request("/api/events")
      try events.read(until: "event: store")
      server.program.send(signal: signal)
      let rest = try events.readToEnd()
      #expect(rest.hasSuffix("0\r\n\r\n"), "the stream ends as it should")
      let outcome = try server.program.wait(timeout: .seconds(10))
      #expect(outcome.status == 0)
      #expect(outcome.standardError.isEmpty)
    }
  }

  @Test func aPortThatIsTakenIsTold() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10))
      let outcome = try Program.run(
        "socialq", ["serve", "--port", "\(server.port)", "--db", server.store])
      #expect(outcome.status == 1)
      #expect(outcome.standardError.contains("--port"))
    }
  }

  @Test func aUnixSocketServesToo() async throws {
    try await onThread {
      let server = try DashboardProcess(somePosts(10))
      let path = server.files.path("s")
      let program = try Program("socialq", ["serve", "--socket", path, "--db", server.store])
      try waitUntil("the server listens") { program.standardOutput.contains("\n") }
      let connection = try HTTPConnection(path: path)
      connection.request("/api/queries/kpis.csv", headers: ["host": "anything"])
      let outcome = try server.command(["kpis", "--format", "csv"])
      #expect(try connection.response().body == outcome.standardOutput)
    }
  }
}
