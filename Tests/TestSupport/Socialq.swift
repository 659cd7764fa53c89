/// Runs `socialq` on a store.
@discardableResult
public func socialq(
  _ arguments: [String], store: String? = nil, environment: [String: String] = [:]
) throws -> Program.Outcome {
  try Program.run(
    "socialq", arguments + (store.map { ["--db", $0] } ?? []), environment: environment)
}
