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

/// What libFuzzer calls first: the inputs to begin with go into the folder that it will read.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  guard let folder = ProcessInfo.processInfo.environment["SOCIALQ_FUZZ_CORPUS"] else { return 0 }
  for (number, seed) in target.seeds.enumerated() {
    _ = FileManager.default.createFile(atPath: "\(folder)/seed-\(number)", contents: Data(seed))
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
