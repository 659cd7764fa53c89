import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Posts

/// The files of the page, each at a path of its own: nothing is looked up by what a client names.
struct Assets: Sendable {
  /// One file.
  struct Asset: Sendable {
    let mediaType: String
    let body: ByteBuffer
    let tag: String

    init(mediaType: String, body: ByteBuffer) {
      self.mediaType = mediaType
      self.body = body
      tag = "\"\(FNV1a(body.readableBytesView).digits)\""
    }

    /// The file, or that the client's copy of it is still right.
    func response(to request: Request) -> Response {
      let headers: HTTPFields = [
        .contentType: mediaType, .eTag: tag, .cacheControl: "no-cache",
      ]
      if let known = request.headers[.ifNoneMatch], EntityTag.isAmong(known, tag) {
        return .notModified(headers)
      }
      return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }
  }

  /// The path of the charts library.
  static let chartsPath = "/assets/echarts.js"

  /// The files by path.
  let all: [String: Asset]

  /// The files that are compiled in, and the charts library if there is one.
  init(chartsLibrary: URL?) {
    var all: [String: Asset] = [:]
    for (name, text) in embeddedFiles {
      let asset = Asset(mediaType: Self.mediaType(of: name), body: ByteBuffer(string: text))
      all[name == "index.html" ? "/" : "/assets/\(name)"] = asset
    }
    // Without the library the page shows cards and tables: that is no failure, and neither is asking for it.
    let charts = chartsLibrary.flatMap { try? Data(contentsOf: $0) }
    all[Self.chartsPath] = Asset(
      mediaType: Self.mediaType(of: Self.chartsPath),
      body: charts.map { ByteBuffer(bytes: $0) }
        ?? ByteBuffer(string: "// The charts library is not here: script/bootstrap fetches it.\n"))
    self.all = all
  }

  private static func mediaType(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    default: "application/octet-stream"
    }
  }
}

extension Response {
  /// Says that the client's copy is still right.
  static func notModified(_ headers: HTTPFields) -> Response {
    var response = Response(status: .notModified, headers: headers)
    // A length would be that of the copy.
    response.headers[.contentLength] = nil
    return response
  }
}
