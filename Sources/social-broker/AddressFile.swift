import Foundation
import Kafka

/// The file that tells other programs where the broker is.
struct AddressFile {
  let path: String

  /// - Throws: If the file names a broker that answers, or is some other file, which would be lost.
  ///   One that a killed broker has left behind is no obstacle.
  func refuseIfInUse() throws {
    guard let address = read(), !address.isEmpty else { return }
    guard address.wholeMatch(of: /[^:\s]+:[0-9]+/) != nil else {
      throw AddressFileError.otherFile(path: path)
    }
    let client = try KafkaProducer(KafkaConfiguration(brokers: address))
    do {
      _ = try client.partitions(of: "social_media", timeout: .seconds(1))
    } catch  where error.isUnreachable {
      return
    } catch  where error.isUnknownTopic {
      // It answers, which is what was asked.
    }
    throw AddressFileError.inUse(path: path, address: address)
  }

  /// Writes the address so that a reader sees all of it or no file.
  func write(_ address: String) throws {
    do {
      try Data("\(address)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      throw AddressFileError.notWritten(
        path: path,
        reason: FileManager.default.fileExists(atPath: folder)
          ? "check that you may write in \(folder)" : "there is no folder \(folder)")
    }
  }

  /// Removes the file if it still holds the address.
  func remove(_ address: String) {
    if read() == address { unlink(path) }
  }

  private func read() -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return String(decoding: data.prefix(1024), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Why the address file could not be used.
enum AddressFileError: Error, CustomStringConvertible {
  case inUse(path: String, address: String)
  case otherFile(path: String)
  case notWritten(path: String, reason: String)

  var description: String {
    switch self {
    case .inUse(let path, let address):
      "a broker at \(address) already serves, says \(path): use it, stop it, or name another"
        + " --address-file"
    case .otherFile(let path):
      "\(path) is there and holds no address: name another --address-file"
    case .notWritten(let path, let reason):
      "the address could not be written to \(path): \(reason)"
    }
  }
}
