import Foundation
import PostStore

/// What was measured of some messages.
struct Figures {
  var messages = 0
  var wall = Duration.zero
  /// Processor time of decoding, of making posts ready, and of storing.
  var decode = Duration.zero
  var prepare = Duration.zero
  var store = Duration.zero
  /// Processor time of making the keys of hashtags anew, outside of all else.
  var fold = Duration.zero
  /// Wall time of storing, by stage.
  var times = StageTimes()
  /// Bytes that this process gave to the disk.
  var written: Int64 = 0

  static let header = """
    | posts | posts/s | decode | fold | prepare | store, CPU | posts | rollups | commit | B written a post | B of store a post | peak MB |
    |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
    """

  /// One line of the table; times are microseconds a message.
  func row(_ title: String, db: String) -> String {
    func perMessage(_ time: Duration) -> String {
      String(format: "%.2f", time / .microseconds(1) / Double(messages))
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: db)[.size] as? Int) ?? 0
    let stored = Double(title) ?? Double(messages)
    let columns = [
      title, String(Int(Double(messages) / (wall / .seconds(1)))), perMessage(decode),
      perMessage(fold), perMessage(prepare), perMessage(store), perMessage(times.posts),
      perMessage(times.rollups),
      perMessage(times.commit),
      String(Int(Double(written) / Double(messages))), String(Int(Double(size) / stored)),
      String(Usage.peakMegabytes),
    ]
    return "| " + columns.joined(separator: " | ") + " |"
  }

  static func += (a: inout Figures, b: Figures) {
    a.messages += b.messages
    a.wall += b.wall
    a.decode += b.decode
    a.prepare += b.prepare
    a.store += b.store
    a.fold += b.fold
    a.times = a.times + b.times
    a.written += b.written
  }
}

/// What the system says of this process.
enum Usage {
  /// User and system time of the process.
  static var cpu: Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Bytes written to the disk, from `/proc/self/io`; 0 where there is none.
  static var writtenBytes: Int64 { number(after: "write_bytes:", in: "/proc/self/io") }

  /// The most memory that was resident, in 10⁶ bytes.
  static var peakMegabytes: Int64 {
    number(after: "VmHWM:", in: "/proc/self/status") * 1024 / 1_000_000
  }

  private static func number(after label: String, in file: String) -> Int64 {
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix(label) {
      return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int64($0) } ?? 0
    }
    return 0
  }
}
