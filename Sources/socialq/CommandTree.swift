import ArgumentParser
import Foundation

/// The commands and their options as the argument parser tells them to other programs.
struct CommandTree: Decodable {
  let commandName: String
  let abstract: String?
  let discussion: String?
  let subcommands: [CommandTree]?
  let arguments: [Argument]?

  struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable {
      enum Kind: String, Decodable { case long, short, longWithSingleDash }
      let kind: Kind
      let name: String

      /// As it is typed.
      var text: String { (kind == .long ? "--" : "-") + name }
    }

    let kind: Kind
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
    let isRepeating: Bool
    let isOptional: Bool
    let shouldDisplay: Bool

    func isNamed(_ text: String) -> Bool { names?.contains { $0.text == text } ?? false }
  }

  /// The whole program.
  static func ofProgram() throws -> CommandTree {
    struct Dump: Decodable { let command: CommandTree }
    return try JSONDecoder().decode(Dump.self, from: Data(Socialq._dumpHelp().utf8)).command
  }

  /// The arguments that users are told of.
  var shown: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }

  func subcommand(_ name: String) -> CommandTree? {
    subcommands?.first { $0.commandName == name }
  }
}
