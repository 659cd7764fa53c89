import CRDKafka

/// Where Kafka is, and how to talk to it, in librdkafka's configuration properties.
///
/// Values of properties that may be secret are in no description and no error.
public struct KafkaConfiguration: Sendable {
  /// The properties in the order they were set; a later one of the same name wins.
  private(set) var properties: [(name: String, value: String)] = []

  /// Takes the lines that librdkafka writes about its own work, on a thread that uses a client; nil for none.
  /// There are many only with the property `debug`.
  public var log: (@Sendable (ClientLogLine) -> Void)?

  /// A configuration that only says where the brokers are.
  ///
  /// - Parameter brokers: `HOST:PORT` of at least one broker, with commas between.
  public init(brokers: String) {
    set("bootstrap.servers", to: brokers)
  }

  /// The brokers that are asked first, as `HOST:PORT` with commas between.
  public var brokers: String {
    value(of: "bootstrap.servers", "metadata.broker.list") ?? ""
  }

  /// Sets a property, over any earlier value.
  ///
  /// Whether librdkafka knows the name and takes the value shows when a client is made.
  public mutating func set(_ name: String, to value: String) {
    properties.append((name, value))
  }

  /// Sets a property from the command line, written `NAME=VALUE` as kcat's `-X` takes it.
  ///
  /// - Throws: If there is no `=` with a name before it.
  public mutating func set(option: String) throws(KafkaError) {
    guard let equals = option.firstIndex(of: "="), equals != option.startIndex else {
      // The option itself is not shown: it may be a secret whose name was forgotten.
      throw KafkaError(
        RD_KAFKA_RESP_ERR__INVALID_ARG,
        "a Kafka property is written NAME=VALUE, such as -X linger.ms=5")
    }
    set(String(option[..<equals]), to: String(option[option.index(after: equals)...]))
  }

  /// The value set last for a property that goes by any of some names.
  func value(of names: String...) -> String? {
    properties.last { names.contains($0.name) }?.value
  }

  /// The same with properties that count only where the user has not set them.
  func withDefaults(_ defaults: [(String, String)]) -> KafkaConfiguration {
    var result = self
    result.properties = defaults.map { (name: $0.0, value: $0.1) } + properties
    return result
  }

  /// Whether librdkafka is to write about its work at length.
  public var isDebugging: Bool { !(value(of: "debug") ?? "").isEmpty }

  /// What stands in the place of a secret.
  static let hidden = "(hidden)"

  /// What takes the secrets of the configuration out of texts.
  var redaction: Redaction {
    Redaction(secrets: properties.lazy.filter { Self.isSecret($0.name) }.map(\.value))
  }

  /// Whether a text is written as the names of properties are. One that is not, where a name is expected, may
  /// be a secret: a token can end in `=`.
  static func looksLikeName(_ text: String) -> Bool {
    text.wholeMatch(of: /[a-z_]+(\.[a-z_]+)+/) != nil
  }

  /// Whether a property may hold a password, a key or a token. Of those that concern log-in and
  /// encryption only the ones that surely hold none may be shown: a name may be misspelled.
  static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    let parts = ["password", "secret", "jaas", "oauthbearer", "token", "credential", "_key"]
    if parts.contains(where: name.contains) { return true }
    guard name.hasPrefix("sasl.") || name.hasPrefix("ssl.") else { return false }
    return ![
      "sasl.mechanism", "sasl.mechanisms", "sasl.username", "sasl.kerberos.service.name",
      "sasl.kerberos.principal", "ssl.ca.location", "ssl.certificate.location",
      "ssl.key.location", "ssl.keystore.location", "ssl.endpoint.identification.algorithm",
    ].contains(name)
  }
}

extension KafkaConfiguration: CustomStringConvertible, CustomReflectable {
  /// The properties in order, secrets hidden.
  public var description: String {
    properties.map { name, value in
      "\(name)=\(Self.isSecret(name) ? Self.hidden : value)"
    }.joined(separator: " ")
  }

  public var customMirror: Mirror {
    Mirror(self, children: ["properties": description])
  }
}

/// The only owner of a configuration object of librdkafka.
struct NativeConfiguration: ~Copyable {
  private var pointer: OpaquePointer?
  private let redaction: Redaction
  private let hasLog: Bool

  /// Sets the properties in their order.
  ///
  /// - Throws: A message that names the property and says what librdkafka has against it.
  init(_ configuration: KafkaConfiguration) throws(KafkaError) {
    pointer = rd_kafka_conf_new()
    redaction = configuration.redaction
    hasLog = configuration.log != nil
    guard !configuration.brokers.isEmpty else {
      throw KafkaError(
        RD_KAFKA_RESP_ERR__INVALID_ARG, "no broker is named: give HOST:PORT of at least one")
    }
    for (name, value) in configuration.properties {
      try set(name, to: value)
    }
    // Lines come to the thread that uses the client as events, and are made only if somebody takes them:
    // librdkafka itself would write them to stderr, with secrets. Errors come as events all the same.
    rd_kafka_conf_set_log_cb(pointer, nil)
    if hasLog { rd_kafka_conf_set(pointer, "log.queue", "true", nil, 0) }
  }

  /// One that is empty.
  private init() {
    pointer = rd_kafka_conf_new()
    redaction = Redaction(secrets: [])
    hasLog = false
  }

  /// Whether librdkafka takes a property.
  ///
  /// - Throws: A message that says what it has against it.
  static func check(_ name: String, _ value: String) throws(KafkaError) {
    try NativeConfiguration().set(name, to: value)
  }

  private func set(_ name: String, to value: String) throws(KafkaError) {
    let isSecret = KafkaConfiguration.isSecret(name)
    guard !name.utf8.contains(0), !value.utf8.contains(0) else {
      throw KafkaError(
        RD_KAFKA_RESP_ERR__INVALID_ARG, "Kafka property \"\(name)\" holds a NUL character")
    }
    var reason = [CChar](repeating: 0, count: 512)
    let result = rd_kafka_conf_set(pointer, name, value, &reason, reason.count)
    guard result != RD_KAFKA_CONF_OK else { return try refuseTokensThatCrash(name) }
    let text: String
    if result == RD_KAFKA_CONF_UNKNOWN {
      text = "librdkafka \(String(cString: rd_kafka_version_str())) has no such property"
    } else if isSecret {
      text = "its value, which is not shown, is not valid"
    } else {
      text = string(reason)
    }
    let isShown = result != RD_KAFKA_CONF_UNKNOWN || KafkaConfiguration.looksLikeName(name)
    let property = isShown ? "\"\(name)\"" : "(a name not shown)"
    throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, "Kafka property \(property): \(text)")
  }

  /// librdkafka before 2.2 makes tokens by itself, for tests, but crashes when one is to be renewed: after four
  /// fifths of its life, or ten seconds after none could be made.
  private func refuseTokensThatCrash(_ name: String) throws(KafkaError) {
    guard name == "enable.sasl.oauthbearer.unsecure.jwt", rd_kafka_version() < 0x0202_00ff else {
      return
    }
    var value = [CChar](repeating: 0, count: 16)
    var size = value.count
    guard rd_kafka_conf_get(pointer, name, &value, &size) == RD_KAFKA_CONF_OK,
      string(value) == "true"
    else { return }
    let version = String(cString: rd_kafka_version_str())
    throw KafkaError(
      RD_KAFKA_RESP_ERR__INVALID_ARG,
      "Kafka property \"\(name)\": librdkafka \(version) crashes when it renews such a token; use 2.2 or later"
    )
  }

  /// Lets the caller set callbacks, which a configuration can hold but no property names.
  borrowing func withPointer(_ body: (OpaquePointer) -> Void) {
    if let pointer { body(pointer) }
  }

  /// Makes a client, which owns the configuration from then on.
  consuming func makeClient(_ type: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
    var reason = [CChar](repeating: 0, count: 512)
    guard let client = rd_kafka_new(type, pointer, &reason, reason.count) else {
      let text = redaction.hidingSecrets(in: string(reason))
      throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, "Kafka configuration: \(text)")
    }
    pointer = nil
    if hasLog { rd_kafka_set_log_queue(client, nil) }
    return client
  }

  deinit {
    if let pointer { rd_kafka_conf_destroy(pointer) }
  }
}

/// The text of a buffer that librdkafka has filled up to a NUL.
private func string(_ buffer: [CChar]) -> String {
  String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
