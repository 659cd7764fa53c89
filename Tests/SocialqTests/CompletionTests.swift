import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// The shells themselves complete command lines, by the scripts that the program prints.
@Suite struct CompletionTests {
  private let files: TemporaryDirectory

  init() throws {
    files = try TemporaryDirectory()
    try StoreWriter(path: files.path("store.db")).store([
      .sample("1") {
        $0.topic = "Mental Health"
        $0.hashtags = ["#AI", "#art"].compactMap { Hashtag($0) }
      },
      .sample("2") { $0.platform = "TikTok" },
    ])
    try FileManager.default.createDirectory(
      atPath: files.path("queries"), withIntermediateDirectories: true)
    try files.write("", to: "posts.csv")
    for shell in ["bash", "zsh", "fish"] {
      let script = try socialq(["--generate-completion-script", shell])
      try #require(script.status == 0)
      try files.write(script.standardOutput, to: "completion.\(shell)")
    }
  }

  private func addQuery() throws {
    try files.write(
      """
      -- title: Zest
      -- param: order choice likes,shares = likes | what to order by
      -- column: posts count
      SELECT count(*) AS posts FROM scoped_posts WHERE :order = 'likes'
      """, to: "queries/zest.sql")
  }

  private func run(_ shell: String, _ script: String, _ arguments: [String]) throws -> [String] {
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["bash", "-c", "cd \"$0\" && exec \"$@\"", files.path, shell]
        + (shell == "zsh" ? ["-f"] : []) + ["-c", script] + arguments,
      environment: [
        "SOCIALQ_DB": files.path("store.db"), "HOME": files.path, "XDG_CONFIG_HOME": files.path,
        "PATH": TestFiles.products.path + ":/usr/local/bin:/usr/bin:/bin",
      ]
    ).wait()
    #expect(outcome.status == 0, "\(outcome.standardError)")
    #expect(outcome.standardError == "")
    return outcome.standardOutput.split(separator: "\n").map(String.init)
  }

  /// What bash offers for words of which the last is being typed.
  private func bash(_ words: [String]) throws -> [String] {
    try run(
      "bash",
      """
      source ./completion.bash
      complete -p socialq > /dev/null
      COMP_WORDS=(socialq "$@") COMP_CWORD=$#
      _socialq
      printf '%s\\n' "${COMPREPLY[@]}"
      """, ["bash"] + words)
  }

  /// What zsh would describe; its own function for that needs a terminal.
  private func zsh(_ words: [String]) throws -> [String] {
    try run(
      "zsh",
      """
      compdef() { :; }
      _describe() { print -rl -- "${(@P)2}"; }
      _files() { print files; }
      source ./completion.zsh
      words=(socialq "$@") CURRENT=$(($# + 1))
      _socialq
      """, ["zsh"] + words)
  }

  private func fish(_ line: String) throws -> [String] {
    try run(
      "fish",
      "source ./completion.fish; complete -C \"$argv\" | string replace -r '\\t.*' ''; true", [line]
    )
  }

  @Test func namesOfQueriesAreFound() throws {
    #expect(
      try bash(["top-"]) == ["top-hashtags", "top-influencers", "top-locations", "top-topics"])
    #expect(try bash(["check", "vir"]) == ["viral-posts"])
    #expect(try bash(["zes"]) == [])
    try addQuery()
    #expect(try bash(["zes"]) == ["zest"])
    #expect(try bash(["explain", "zes"]) == ["zest"])
    #expect(try zsh(["zes"]) == ["zest:Zest"])
    #expect(try fish("socialq zes") == ["zest"])
    #expect(try bash(["zest", "--order", ""]) == ["likes", "shares"])
    #expect(try zsh(["zest", "--order", ""]) == ["likes:", "shares:"])
    #expect(try fish("socialq zest --order s") == ["shares"])
    #expect(try bash(["zest", "--or"]) == ["--order"])
  }

  /// Words as bash has them, and what it is to offer.
  @Test(arguments: [
    (["exp"], ["explain", "export"]),
    (["rollups", ""], ["verify", "rebuild", "prune"]),
    (["top-hashtags", "--li"], ["--limit"]),
    (["--tz", "Europe/Pari"], ["Europe/Paris"]),
    (["kpis", "--format", "js"], ["json"]),
    (["kpis", "--format", "=", "ta"], ["table"]),
    (["export", "--format", ""], ["ndjson", "csv"]),
    (["likes-over-time", "--bucket", ""], ["minute", "hour", "day"]),
    (["kpis", "--sentiment", "ne"], ["neutral", "negative"]),
    (["kpis", "--sentiment", "neutral,"], ["neutral,positive", "neutral,negative"]),
    (["kpis", "--platform", "t"], ["TikTok", "Twitter"]),
    (["kpis", "--platform", "Twitter,"], ["Twitter,TikTok"]),
    (["kpis", "--topic", "men"], ["Mental\\ Health"]),
    (["kpis", "--topic", "Mental\\ H"], ["Mental\\ Health"]),
    (["kpis", "--topic", "\"Mental H"], ["Mental Health"]),
    (["posts-with-hashtag", "--hashtag", "#A"], ["\\#AI", "\\#art"]),
    (["import", "pos"], ["posts.csv"]),
    (["kpis", "--queries", "q"], ["queries"]),
    (["kpis", "--db", "none.db", "--topic", ""], []),
    (["kpis", "--since", "1"], ["15m", "1h"]),
    (["no-such-query", "--vi"], ["--viral"]),
    (["help", "ex"], ["explain", "export"]),
  ])
  func bashOffers(_ words: [String], _ offered: [String]) throws {
    #expect(try bash(words) == offered)
  }

  /// What would steer the terminal or be taken for something else is not offered.
  @Test func namesThatAreNoWordsAreNotOffered() throws {
    try StoreWriter(path: files.path("other.db")).store(
      ["fine", "fi\u{1B}[31mne", "fi\n:files", "fi,ne", "fi\u{202E}ne"].enumerated().map {
        (number, topic) in
        .sample(ExactString("\(number)")) { $0.topic = ExactString(topic) }
      })
    #expect(try bash(["kpis", "--db", "other.db", "--topic", "fi"]) == ["fine"])
    #expect(try fish("socialq kpis --db other.db --topic fi") == ["fine"])
  }

  @Test func otherShellsOfferTheSame() throws {
    #expect(try zsh(["kpis", "--topic", "Men"]) == ["Mental Health:"])
    #expect(try zsh(["kpis", "--format=js"]) == ["--format=json:"])
    #expect(try zsh(["import", ""]) == ["files"])
    #expect(try zsh(["snap"]).map { $0.hasPrefix("snapshot:") } == [true])
    #expect(try fish("socialq kpis --topic Men") == ["Mental Health"])
    #expect(try fish("socialq kpis --format=js") == ["--format=json"])
    #expect(try fish("socialq import pos") == ["posts.csv"])
    #expect(try fish("socialq roll").contains("rollups"))
  }

  @Test func anUnknownShellIsRefused() throws {
    let outcome = try socialq(["--generate-completion-script", "tcsh"])
    #expect(outcome.status == 64)
    #expect(outcome.standardError.contains("bash, zsh, fish"))
  }
}
