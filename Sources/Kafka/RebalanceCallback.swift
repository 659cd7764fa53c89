import CRDKafka

/// What librdkafka's rebalance callback works with. It is apart from the consumer so that a callback
/// in the consumer's `deinit` has nothing to retain.
final class RebalanceCallback {
  var handler: RebalanceHandler?
  /// Where each assigned partition was last told to be read from, as librdkafka writes offsets.
  var starts: [TopicPartition: Int64] = [:]
  /// The assigned partitions that are paused.
  var paused: Set<TopicPartition> = []
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
      for partition in partitions {
        starts[partition] = nil
        paused.remove(partition)
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
      let offset = try (positions[partition] ?? .committed).rawOffset(of: partition)
      list.pointee.elems[index].offset = offset
      starts[partition] = offset
    }
  }

  /// Gives an assigned partition a new position by taking it away and assigning it again. Unlike a
  /// seek this works for a partition that stands still after an offset was out of range.
  func restart(
    _ partition: TopicPartition, at offset: Int64, _ client: OpaquePointer
  ) throws(KafkaError) {
    let before = failures.count
    starts[partition] = offset
    if isCooperative(client) {
      let list = TopicPartitionList(offsets: [partition: offset])
      note(list.withPointer { rd_kafka_incremental_unassign(client, $0) })
      note(list.withPointer { rd_kafka_incremental_assign(client, $0) })
    } else {
      // The eager protocol knows only whole assignments, so the others start again where they are.
      let list = TopicPartitionList(offsets: starts)
      note(list.withPointer { rd_kafka_position(client, $0) })
      list.withPointer { list in
        for (index, (other, element)) in list.elements.enumerated()
        where other == partition || element.offset < 0 {
          list.pointee.elems[index].offset = starts[other] ?? offset
        }
      }
      note(list.withPointer { rd_kafka_assign(client, $0) })
      if !paused.isEmpty {
        note(TopicPartitionList(paused).withPointer { rd_kafka_pause_partitions(client, $0) })
      }
    }
    if failures.count > before { throw failures.removeLast() }
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
