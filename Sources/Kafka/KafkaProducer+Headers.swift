import CRDKafka

extension KafkaProducer {
  /// Hands over a copy of a record with headers, as the other `send` does.
  ///
  /// - Parameter headers: Names, which hold no NUL, and values, in order.
  /// - Throws: If the record is too large or the producer is no longer usable.
  public func send(
    topic: String, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    headers: [(name: String, value: [UInt8])], timestampMilliseconds: Int64? = nil
  ) throws(KafkaError) -> SendOutcome {
    let list = rd_kafka_headers_new(headers.count)
    for header in headers {
      let code = header.value.withUnsafeBytes {
        rd_kafka_header_add(list, header.name, -1, $0.baseAddress, $0.count)
      }
      guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
        rd_kafka_headers_destroy(list)
        throw KafkaError(code, "header \"\(header.name)\" cannot be added")
      }
    }
    headerArgument.pointee.vtype = RD_KAFKA_VTYPE_HEADERS
    headerArgument.pointee.u.headers = list
    do {
      let outcome = try send(
        topic: topic, key: key, value: value, timestampMilliseconds: timestampMilliseconds ?? 0,
        count: 6)
      // Only a record that was taken owns its headers.
      if case .queueFull = outcome { rd_kafka_headers_destroy(list) }
      return outcome
    } catch {
      rd_kafka_headers_destroy(list)
      throw error
    }
  }
}
