import CRDKafka

/// What librdkafka's rebalance callback works with. It is apart from the consumer so that a callback
/// in the consumer's `deinit` has nothing to retain.
final class RebalanceCallback {
  var handler: RebalanceHandler?
  /// What the handler has thrown.
  var thrown: (any Error)?
  /// What went wrong when the assignment was changed.
  var failures: [KafkaError] = []

  /// Makes clients of a configuration call this object, which has to outlive them.
  func install(in conf: OpaquePointer) {
    rd_kafka_conf_set_opaque(conf, Unmanaged.passUnretained(self).toOpaque())
    rd_kafka_conf_set_rebalance_cb(conf) { client, code, partitions, opaque in
      guard let client, let partitions, let opaque else { return }
      Unmanaged<RebalanceCallback>.fromOpaque(opaque).takeUnretainedValue()
        .rebalance(client, code, partitions)
    }
  }

  /// Every path changes the assignment in answer, without which the group would wait for good.
  private func rebalance(
    _ client: OpaquePointer, _ code: rd_kafka_resp_err_t,
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) {
    let partitions = list.elements.map(\.0)
    switch code {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
      do {
        try setPositions(partitions, in: list)
        assign(client, list)
      } catch {
        thrown = thrown ?? error
        unassignAll(client)
      }
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
      let lost = rd_kafka_assignment_lost(client) != 0
      do {
        try handler?.revoked(partitions, lost)
      } catch {
        thrown = thrown ?? error
      }
      unassign(client, list)
    default:
      failures.append(KafkaError(code, nil))
      unassignAll(client)
    }
  }

  private func setPositions(
    _ partitions: [TopicPartition],
    in list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) throws {
    guard let handler else { return }
    let positions = try handler.assigned(partitions)
    for (index, partition) in partitions.enumerated() {
      let position = positions[partition] ?? .committed
      list.pointee.elems[index].offset = try position.rawOffset(of: partition)
    }
  }

  private func assign(
    _ client: OpaquePointer, _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) {
    if isCooperative(client) {
      note(rd_kafka_incremental_assign(client, list))
    } else {
      note(rd_kafka_assign(client, list))
    }
  }

  private func unassign(
    _ client: OpaquePointer, _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) {
    if isCooperative(client) {
      note(rd_kafka_incremental_unassign(client, list))
    } else {
      unassignAll(client)
    }
  }

  private func unassignAll(_ client: OpaquePointer) {
    note(rd_kafka_assign(client, nil))
  }

  private func isCooperative(_ client: OpaquePointer) -> Bool {
    rd_kafka_rebalance_protocol(client).map { String(cString: $0) } == "COOPERATIVE"
  }

  private func note(_ error: OpaquePointer?) {
    if let error { failures.append(KafkaError(owning: error)) }
  }

  private func note(_ code: rd_kafka_resp_err_t) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { failures.append(KafkaError(code, nil)) }
  }
}
