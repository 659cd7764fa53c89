import CZlib
import CZstd

/// The bytes of a source, decompressed if their first ones are those of gzip or of zstd.
///
/// No text of posts begins like either, so that also a pipe needs no name that tells.
public func decompressed(_ source: any ByteSource) throws(InterchangeError) -> any ByteSource {
  var start: [UInt8] = []
  while start.count < 4 {
    let more = try source.next()
    if more.isEmpty { break }
    start += more
  }
  let whole = PrefixedSource(start, source)
  if start.starts(with: [0x1F, 0x8B]) { return try GzipSource(whole) }
  if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return try ZstdSource(whole) }
  return whole
}

/// Bytes that were read already, then the rest.
private final class PrefixedSource: ByteSource {
  private var prefix: [UInt8]
  private let rest: any ByteSource

  init(_ prefix: [UInt8], _ rest: any ByteSource) {
    self.prefix = prefix
    self.rest = rest
  }

  func next() throws(InterchangeError) -> [UInt8] {
    guard !prefix.isEmpty else { return try rest.next() }
    defer { prefix = [] }
    return prefix
  }
}

private let outputSize = 1 << 18

/// Members of gzip, one after the other; see <https://www.zlib.net/manual.html>.
private final class GzipSource: ByteSource {
  private let source: any ByteSource
  /// zlib keeps a pointer to it, so that it must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var input: [UInt8] = []
  private var position = 0
  private var isInMember = true

  init(_ source: any ByteSource) throws(InterchangeError) {
    self.source = source
    stream.initialize(to: z_stream())
    // 16 above the window's bits asks for the header of gzip.
    let code = inflateInit2_(
      stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw InterchangeError("zlib cannot start (\(code))") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func next() throws(InterchangeError) -> [UInt8] {
    while true {
      if position == input.count {
        input = try source.next()
        position = 0
        if input.isEmpty {
          guard !isInMember else {
            throw InterchangeError("the gzip data end too early: the file was cut short")
          }
          return []
        }
      }
      if !isInMember {
        inflateReset(stream)
        isInMember = true
      }
      let output = try inflateMore()
      if !output.isEmpty { return output }
    }
  }

  private func inflateMore() throws(InterchangeError) -> [UInt8] {
    var code: Int32 = Z_OK
    let output = [UInt8](unsafeUninitializedCapacity: outputSize) { buffer, count in
      input.withUnsafeMutableBufferPointer { bytes in
        stream.pointee.next_in = bytes.baseAddress.map { $0 + position }
        stream.pointee.avail_in = UInt32(bytes.count - position)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(outputSize)
        code = inflate(stream, Z_NO_FLUSH)
        position = bytes.count - Int(stream.pointee.avail_in)
      }
      count = outputSize - Int(stream.pointee.avail_out)
    }
    switch code {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isInMember = false
    default: throw InterchangeError("the gzip data are damaged (zlib says \(code))")
    }
    return output
  }
}

/// Frames of zstd, one after the other; see <https://facebook.github.io/zstd/doc/api_manual_latest.html>.
private final class ZstdSource: ByteSource {
  private let source: any ByteSource
  private let stream: OpaquePointer
  private var input: [UInt8] = []
  private var position = 0
  /// What the library hopes to read next; 0 at the end of a frame.
  private var hint = 1

  init(_ source: any ByteSource) throws(InterchangeError) {
    self.source = source
    guard let stream = ZSTD_createDStream() else {
      throw InterchangeError("there is no memory to decompress zstd")
    }
    self.stream = stream
  }

  deinit { ZSTD_freeDStream(stream) }

  func next() throws(InterchangeError) -> [UInt8] {
    while true {
      // Output may be left in the library though all input is read.
      let output = try decompressMore()
      if !output.isEmpty { return output }
      guard position == input.count else { continue }
      input = try source.next()
      position = 0
      if input.isEmpty {
        guard hint == 0 else {
          throw InterchangeError("the zstd data end too early: the file was cut short")
        }
        return []
      }
    }
  }

  private func decompressMore() throws(InterchangeError) -> [UInt8] {
    // Without input, a call after the end of a frame would begin another one.
    guard position < input.count || hint != 0 else { return [] }
    var result = 0
    let output = [UInt8](unsafeUninitializedCapacity: outputSize) { buffer, count in
      input.withUnsafeBytes { bytes in
        var from = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: position)
        var to = ZSTD_outBuffer(dst: buffer.baseAddress, size: outputSize, pos: 0)
        result = ZSTD_decompressStream(stream, &to, &from)
        position = from.pos
        count = to.pos
      }
    }
    guard ZSTD_isError(result) == 0 else {
      throw InterchangeError(
        "the zstd data are damaged (\(String(cString: ZSTD_getErrorName(result))))")
    }
    hint = result
    return output
  }
}
