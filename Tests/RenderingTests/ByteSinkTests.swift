import Foundation
import NamedQueries
import Testing

@testable import Rendering

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct ByteSinkTests {
  @Test(arguments: [0, 1, 7, 65_536])
  func allBytesComeInOrder(_ capacity: Int) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "sink-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let descriptor = open(file.path, O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let sink = FileDescriptorSink(descriptor, capacity: capacity)
    var expected: [UInt8] = []
    for count in [0, 1, 5, 7, 8, 100, 70_000, 3] {
      let bytes = (0..<count).map { UInt8($0 % 251) }
      expected += bytes
      try sink.write(bytes)
    }
    try sink.flush()
    #expect(try Array(Data(contentsOf: file)) == expected)
  }

  @Test func aReaderThatHasGoneIsTold() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let sink = FileDescriptorSink(ends[1], capacity: 10)
    try sink.write([1, 2, 3])
    #expect(throws: OutputError.readerGone) { try sink.flush() }
    #expect(throws: Never.self) { try sink.flush() }
  }

  @Test func aFullDiskIsAnError() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let writer = options(.csv).makeWriter(to: FileDescriptorSink(descriptor))
    try writer.begin([Column(name: "a", kind: .text)])
    let error = #expect(throws: OutputError.refused(errno: ENOSPC)) { try writer.finish() }
    #expect(error?.description.contains("No space") == true)
  }

  /// A streaming format hands each row on before the next.
  @Test(arguments: Format.allCases.filter(\.isStreaming))
  func rowsGoOutAsTheyCome(_ format: Format) throws {
    let sink = MemorySink()
    let writer = options(format).makeWriter(to: sink)
    try writer.begin([Column(name: "a", kind: .text)])
    for number in 0..<3 {
      try writer.row([.text("value\(number)")])
      #expect(sink.text.contains("value\(number)"))
    }
  }
}
