import Foundation
import PackagePlugin

/// Compiles a target's SQL files and the files of its web page into it, so that an installed binary needs
/// no files beside it.
///
/// The target holds a symbolic link to the folder at the top of the repository. Every file found
/// there becomes an entry of a generated `embeddedFiles` constant.
@main
struct EmbedFiles: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let module = target as? any SourceModuleTarget else { return [] }
    let kinds: Set = ["sql", "html", "css", "js", "svg"]
    let files = module.sourceFiles.map(\.url).filter { kinds.contains($0.pathExtension) }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(files.count) files in \(target.name)",
        executable: try context.tool(named: "embed-files").url,
        arguments: [output.path(percentEncoded: false)]
          + files.map { $0.path(percentEncoded: false) },
        inputFiles: files,
        outputFiles: [output])
    ]
  }
}
