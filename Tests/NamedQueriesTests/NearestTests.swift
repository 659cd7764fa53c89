import NamedQueries
import Testing

@Suite struct NearestTests {
  private static let names = [
    "kpis", "likes-over-time", "posts-by-platform", "recent-posts", "top-hashtags", "top-topics",
  ]

  @Test(arguments: [
    ("kpsi", ["kpis"]), ("KPIS", ["kpis"]), ("kpi", ["kpis"]), ("top-topic", ["top-topics"]),
    ("top-hastags", ["top-hashtags"]), ("hashtags", ["top-hashtags"]),
    ("likes", ["likes-over-time"]), ("recent-psots", ["recent-posts"]), ("zzzzzzzz", []),
    ("posts", ["posts-by-platform", "recent-posts"]),
  ])
  func namesLikeATypedOneAreFound(_ typed: String, _ expected: [String]) {
    let found = nearest(to: typed, among: Self.names)
    #expect(Array(found.prefix(expected.count)) == expected)
    #expect(expected.isEmpty == found.isEmpty)
    #expect(found.count <= 3)
  }

  @Test func theBestComesFirst() {
    #expect(
      nearest(to: "abcd", among: ["abxx", "abcx", "abdc", "wxyz"], limit: 2) == ["abcx", "abdc"])
  }
}
