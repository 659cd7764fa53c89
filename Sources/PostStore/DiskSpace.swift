import Foundation

/// The room on the disk that a store is on.
enum DiskSpace {
  /// With less room than this many bytes a store will soon be unable to grow.
  static let scarce: Int64 = 256 << 20

  /// The bytes that a user who is not root can still write beside a file; nil if the system does not say.
  static func free(beside file: StoreFile) -> Int64? {
    var status = statvfs()
    guard statvfs(file.folder.path, &status) == 0 else { return nil }
    let (bytes, overflow) = Int64(status.f_bavail)
      .multipliedReportingOverflow(by: Int64(status.f_frsize))
    return overflow ? .max : bytes
  }

  static func check(_ file: StoreFile) -> StoreCheck { check(file, free: free(beside: file)) }

  static func check(_ file: StoreFile, free: Int64?) -> StoreCheck {
    guard let free else {
      return .unchecked("disk", "the system does not say how much room there is")
    }
    guard free >= scarce else {
      return .finding(
        "disk",
        "only \(free) bytes are free on the disk of \(file.path): free some, or delete old posts with 'socialq rollups prune'"
      )
    }
    return .ok("disk", "\(free) bytes are free")
  }
}
