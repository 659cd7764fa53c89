import CRDKafka
import Foundation

extension KafkaConfiguration {
  /// The settings of all the places that may have some: a later one wins over those before.
  ///
  /// 1. `localhost:9092`
  /// 2. a file
  /// 3. environment variables: `SOCIALQ_KAFKA_SASL_PASSWORD` sets `sasl.password`
  /// 4. the brokers and the group of the command line
  /// 5. its options
  ///
  /// - Parameters:
  ///   - brokers: `HOST:PORT` with commas between; nil if the command line names none.
  ///   - group: The consumer group; nil if the command line names none.
  ///   - file: A file of properties; nil for none.
  ///   - environment: The environment.
  ///   - options: Properties of the command line, as `NAME=VALUE`.
  /// - Throws: `KafkaError` that says where the mistake is; no value of a secret is in it.
  public init(
    brokers: String?, group: String? = nil, file: String?, environment: [String: String],
    options: [String]
  ) throws(KafkaError) {
    self.init(brokers: "localhost:9092")
    if let file { try read(propertiesFile: file) }
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
      guard name.hasPrefix(Self.environmentPrefix), !value.isEmpty else { continue }
      let property = name.dropFirst(Self.environmentPrefix.count).lowercased()
        .replacing("_", with: ".")
      try set(property, to: value, from: "$\(name)")
    }
    if let brokers { set("bootstrap.servers", to: brokers) }
    if let group { set("group.id", to: group) }
    for option in options { try set(option: option) }
  }

  /// What the environment variables begin with that set properties.
  public static let environmentPrefix = "SOCIALQ_KAFKA_"

  /// The largest file of properties.
  private static let fileLimit = 1_048_576

  /// Sets what a file says, in the format that librdkafka's own tools read: a line is `name=value`, or
  /// empty, or begins with `#`.
  private mutating func read(propertiesFile path: String) throws(KafkaError) {
    func problem(_ text: String) -> KafkaError {
      KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, "\(path)\(text)")
    }
    let data: Data
    do {
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw CocoaError(.fileNoSuchFile)
      }
      data = try handle.read(upToCount: Self.fileLimit + 1) ?? Data()
    } catch {
      throw problem(" cannot be read: see that it is there, and yours")
    }
    guard data.count <= Self.fileLimit else { throw problem(" is larger than 1 MiB") }
    guard let text = String(bytes: data, encoding: .utf8) else { throw problem(" is not UTF-8") }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let line = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      if line.isEmpty || line.hasPrefix("#") { continue }
      let place = ":\(index + 1)"
      guard let equals = line.firstIndex(of: "=") else {
        // The line is not shown: it may be a secret.
        throw problem("\(place): a line is name=value, or begins with #")
      }
      let name = line[..<equals].trimmingCharacters(in: .whitespaces)
      guard !name.isEmpty else { throw problem("\(place): there is no name before '='") }
      let value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      try set(name, to: value, from: "\(path)\(place)")
    }
  }

  /// Sets a property that librdkafka takes.
  private mutating func set(
    _ name: String, to value: String, from place: String
  ) throws(KafkaError) {
    do {
      try NativeConfiguration.check(name, value)
    } catch {
      throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, "\(place): \(error.message)")
    }
    set(name, to: value)
  }

  /// What is to be said of a file of properties: that it holds a secret, and others may read it. Nil if it
  /// is well.
  public static func warning(aboutFile path: String) -> String? {
    // The mode that counts is not that of a link, such as secrets often come by.
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard
      let attributes = try? FileManager.default.attributesOfItem(atPath: file),
      let mode = attributes[.posixPermissions] as? Int, mode & 0o044 != 0,
      let text = try? String(contentsOfFile: path, encoding: .utf8)
    else { return nil }
    let secret = text.split(whereSeparator: \.isNewline).first { line in
      let name = line.prefix { $0 != "=" }.trimmingCharacters(in: .whitespaces)
      return !name.hasPrefix("#") && name.count < line.count && isSecret(name)
    }
    return secret == nil
      ? nil : "\(path) holds a secret, and others can read it: 'chmod 600' keeps them from it"
  }
}
