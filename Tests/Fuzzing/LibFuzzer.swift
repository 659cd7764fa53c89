import Foundation

/// What libFuzzer calls with each input. `SOCIALQ_FUZZ_TARGET` says what is fed.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  if let fault = target.fault(in: input) {
    FileHandle.standardError.write(Data("\(fault)\n".utf8))
    abort()
  }
  return 0
}

private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["SOCIALQ_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    FileHandle.standardError.write(Data("SOCIALQ_FUZZ_TARGET names no target\n".utf8))
    exit(64)
  }
  return target
}()
