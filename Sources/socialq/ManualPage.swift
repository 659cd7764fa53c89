import NamedQueries

/// The manual page, made from the commands themselves and from the built-in queries.
struct ManualPage {
  private var roff = ""

  /// The text of `socialq.1`, for `man`.
  static func text() throws -> String {
    var page = ManualPage()
    let root = try CommandTree.ofProgram()
    page.line(".TH SOCIALQ 1")
    page.section("NAME")
    page.text("socialq - \(lowered(root.abstract ?? ""))")
    page.section("SYNOPSIS")
    page.text("socialq QUERY [options]")
    page.line(".br")
    page.text("socialq COMMAND [options]")
    page.section("DESCRIPTION")
    page.discussion(root.discussion ?? "")
    page.section("COMMANDS")
    for command in root.subcommands ?? [] where command.commandName != "help" {
      page.command(command, path: command.commandName)
    }
    page.section("QUERIES")
    page.text("These are built in. All of them take the options of the command query.")
    let catalog = try QueryCatalog()
    for name in catalog.names { page.query(try catalog.query(name)) }
    page.section("FILES")
    page.term("queries/NAME.sql")
    page.text("A query of the user's own in the current folder.")
    return page.roff
  }

  private static func lowered(_ sentence: String) -> String {
    let text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private mutating func command(_ command: CommandTree, path: String) {
    line(".SS \(Self.escaped(path))")
    text(command.abstract ?? "")
    for argument in command.shown
    where !argument.isNamed("--help") && !argument.isNamed("--version") {
      let value = "<\(argument.valueName ?? "value")>"
      switch argument.kind {
      case .positional: term(value)
      case .flag: term(Self.names(of: argument))
      case .option: term("\(Self.names(of: argument)) \(value)")
      }
      text(argument.abstract ?? "")
    }
    if let discussion = command.discussion {
      line(".PP")
      self.discussion(discussion)
    }
    for subcommand in command.subcommands ?? [] {
      self.command(subcommand, path: "\(path) \(subcommand.commandName)")
    }
  }

  private static func names(of argument: CommandTree.Argument) -> String {
    (argument.names ?? []).map(\.text).joined(separator: ", ")
  }

  private mutating func query(_ query: NamedQuery) {
    line(".SS \(Self.escaped(query.name))")
    text("\(query.title). \(query.help)")
    for parameter in query.parameters {
      term("--\(parameter.name) <\(parameter.name)>")
      text("\(QueryHelp.meaning(of: parameter))")
    }
    line(".PP")
    text("Columns: \(query.columns.map(\.name).joined(separator: ", ")).")
  }

  /// Paragraphs are filled; what is indented is an example, or a table, and stays as it is.
  private mutating func discussion(_ text: String) {
    var isIndented = false
    for textLine in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if textLine.hasPrefix("  ") != isIndented, !textLine.isEmpty {
        line(isIndented ? ".fi\n.RE" : ".RS 4\n.nf")
        isIndented.toggle()
      }
      if textLine.isEmpty {
        if !isIndented { line(".PP") }
      } else {
        self.text(isIndented ? String(textLine.dropFirst(2)) : String(textLine))
      }
    }
    if isIndented { line(".fi\n.RE") }
  }

  private mutating func section(_ name: String) { line(".SH \(name)") }

  private mutating func term(_ text: String) { line(".TP\n\(Self.escaped(text))") }

  private mutating func text(_ text: String) { line(Self.escaped(text)) }

  private mutating func line(_ text: String) { roff += text + "\n" }

  /// Text without what `roff` would take for its own.
  private static func escaped(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": plain += "\\e"
      case "-": plain += "\\-"
      case _ where scalar.isASCII: plain.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        plain += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
