import GRDB

extension StoreReader {
  /// A number that changes whenever what the store holds does, for whoever asks again and again.
  public func version() throws -> Int64 {
    try read { try Int64.fetchOne($0, sql: "SELECT version FROM store_version") ?? 0 }
  }
}
