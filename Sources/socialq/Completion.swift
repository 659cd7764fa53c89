import Foundation
import NamedQueries
import PostStore
import Posts
import Rendering

/// What may come next on a command line that is being typed.
///
/// The scripts of the shells only hand over the words and show what is found here, so that a new query
/// or a new platform in the store needs no new script.
struct Completion {
  /// A word to type, and what it stands for.
  struct Candidate {
    let word: String
    var meaning = ""
  }

  enum Answer {
    case words([Candidate])
    case files
    case folders
  }

  private let root: CommandTree
  private let words: [String]
  private let current: String
  private var command: CommandTree
  private var query: NamedQuery?
  private var positionals = 0
  /// The option, without its value, that the last word is.
  private var option: String?
  private var given: Set<String> = []

  /// - Parameter words: The words after the program's name up to where the cursor is; the last is the
  ///   one being typed.
  init(_ words: [String]) throws {
    root = try CommandTree.ofProgram()
    command = root
    self.words = words.dropLast()
    current = words.last ?? ""
    for word in self.words { read(word) }
  }

  private mutating func read(_ word: String) {
    if option != nil {
      option = nil
    } else if word.hasPrefix("-"), word.count > 1 {
      let name = String(word.prefix { $0 != "=" })
      given.insert(name)
      if takesValue(name), !word.contains("=") { option = name }
    } else if positionals == 0, let subcommand = command.subcommand(word) {
      command = subcommand
    } else {
      if positionals == 0, command.commandName == root.commandName {
        command = root.subcommand("query") ?? command
      }
      if positionals == 0, command.shown.contains(where: { $0.valueName == "query" }) {
        query = try? catalog.query(word)
      }
      positionals += 1
    }
  }

  /// The arguments that the command takes; as long as it is none, those of the queries.
  private var arguments: [CommandTree.Argument] {
    let isOpen = command.commandName == root.commandName
    return (isOpen ? root.subcommand("query") ?? root : command).shown
  }

  private func takesValue(_ name: String) -> Bool {
    if let argument = arguments.first(where: { $0.isNamed(name) }) {
      return argument.kind == .option
    }
    return query?.parameters.contains { "--\($0.name)" == name } ?? false
  }

  var answer: Answer {
    if let option { return values(of: option, beginning: current) }
    if current.hasPrefix("-") {
      guard let equals = current.firstIndex(of: "=") else { return .words(options) }
      let start = String(current[...equals])
      let rest = String(current[current.index(after: equals)...])
      return values(of: String(start.dropLast()), beginning: rest, after: start)
    }
    let positional = command.shown.filter { $0.kind == .positional }.dropFirst(positionals).first
    if positionals == 0, let subcommands = command.subcommands {
      let commands = subcommands.map {
        Candidate(word: $0.commandName, meaning: $0.abstract ?? "")
      }
      return .words(
        fitting(command.commandName == root.commandName ? queries + commands : commands))
    }
    guard let positional else { return .words(options) }
    return values(of: positional, beginning: current)
  }

  // MARK: Options

  private var options: [Candidate] {
    var candidates: [Candidate] = []
    for argument in arguments where argument.kind != .positional {
      for name in argument.names ?? [] where name.kind == .long {
        guard argument.isRepeating || !given.contains(name.text) else { continue }
        candidates.append(Candidate(word: name.text, meaning: argument.abstract ?? ""))
      }
    }
    for parameter in query?.parameters ?? [] where !given.contains("--\(parameter.name)") {
      candidates.append(Candidate(word: "--\(parameter.name)", meaning: parameter.help))
    }
    return fitting(candidates)
  }

  // MARK: Values

  private func values(
    of option: String, beginning prefix: String, after start: String = ""
  ) -> Answer {
    if let parameter = query?.parameters.first(where: { "--\($0.name)" == option }) {
      switch parameter.kind {
      case .choice(let choices): return .words(fitting(choices, prefix, after: start))
      case .hashtag:
        return .words(fitting(stored(.hashtags, beginning: prefix), prefix, after: start))
      case .integer, .number, .text: return .words([])
      }
    }
    // After the last comma of several.
    let parts = prefix.split(separator: ",", omittingEmptySubsequences: false)
    let last = String(parts.last ?? "")
    let before = start + parts.dropLast().map { "\($0)," }.joined()
    func others(_ names: [String]) -> Answer {
      .words(fitting(names.filter { !parts.dropLast().contains($0[...]) }, last, after: before))
    }
    switch option {
    case "--platform": return others(stored(.platforms, beginning: last))
    case "--topic": return others(stored(.topics, beginning: last))
    case "--sentiment": return others(Sentiment.allCases.map(\.rawValue))
    case "--bucket": return .words(fitting(Bucket.allCases.map(\.rawValue), prefix, after: start))
    default:
      guard let argument = arguments.first(where: { $0.isNamed(option) }) else {
        return .words([])
      }
      return values(of: argument, beginning: prefix, after: start)
    }
  }

  private func values(
    of argument: CommandTree.Argument, beginning prefix: String, after start: String = ""
  ) -> Answer {
    if let values = argument.allValues { return .words(fitting(values, prefix, after: start)) }
    switch argument.valueName {
    case "file": return .files
    case "dir": return .folders
    case "query": return .words(fitting(queries))
    case "zone":
      return .words(fitting(TimeZone.knownTimeZoneIdentifiers + ["UTC"], prefix, after: start))
    case "time":
      let forms = ["15m", "1h", "24h", "7d", "4w", "today", "yesterday"]
      return .words(fitting(forms, prefix, after: start))
    case "subcommands":
      return .words(fitting((root.subcommands ?? []).map(\.commandName), prefix))
    default: return .words([])
    }
  }

  private func fitting(
    _ values: [String], _ prefix: String, after start: String = ""
  ) -> [Candidate] {
    values.filter { $0.lowercased().hasPrefix(prefix.lowercased()) }
      .map { Candidate(word: start + $0) }
  }

  private func fitting(_ candidates: [Candidate]) -> [Candidate] {
    candidates.filter { $0.word.lowercased().hasPrefix(current.lowercased()) }
  }

  // MARK: What is there

  private var catalog: QueryCatalog {
    get throws { try QueryHelp.catalog(for: words) }
  }

  private var queries: [Candidate] {
    guard let catalog = try? catalog else { return [] }
    return catalog.names.map { name in
      Candidate(word: name, meaning: (try? catalog.query(name).title) ?? "")
    }
  }

  /// Names in the store that the command line is about; none if there is no such store.
  private func stored(_ names: StoredNames, beginning prefix: String) -> [String] {
    var path = StoreLocation.path(environment: ProcessInfo.processInfo.environment)
    for (index, word) in words.enumerated() {
      if word.hasPrefix("--db=") { path = String(word.dropFirst("--db=".count)) }
      if word == "--db", index + 1 < words.count { path = words[index + 1] }
    }
    guard let reader = try? StoreReader(path: path, busyTimeout: 0.2) else { return [] }
    // What would steer the terminal, or be two words or two names to the shell, has to be typed.
    return ((try? names.all(in: reader, beginning: prefix)) ?? []).filter { name in
      TerminalText.visible(name) == name && !name.contains(",")
    }
  }
}
