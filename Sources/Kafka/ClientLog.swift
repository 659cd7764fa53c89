import CRDKafka

/// A line that librdkafka writes about its own work.
public struct ClientLogLine: Sendable {
  /// The severity, as syslog numbers it: 3 is an error, 7 for those who debug.
  public let severity: Int
  /// What it is about, such as `FAIL`.
  public let facility: String
  /// The line. It holds no secret.
  public let text: String

  /// The line of an event of type `RD_KAFKA_EVENT_LOG`.
  init?(_ event: OpaquePointer, _ redaction: Redaction) {
    var facility: UnsafePointer<CChar>?
    var text: UnsafePointer<CChar>?
    var severity: Int32 = 0
    guard rd_kafka_event_log(event, &facility, &text, &severity) == 0, let facility, let text
    else { return nil }
    self.severity = Int(severity)
    self.facility = String(cString: facility)
    self.text = redaction.hidingSecrets(in: String(cString: text))
  }
}
