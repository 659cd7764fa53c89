import Foundation
import PostStore
import TestSupport
import Testing

@Suite struct StoreLocationTests {
  @Test(arguments: [
    (["SOCIALQ_DB": "/a/x.db", "XDG_DATA_HOME": "/data", "HOME": "/home/u"], "/a/x.db"),
    (["SOCIALQ_DB": "x.db", "HOME": "/home/u"], "x.db"),
    (["SOCIALQ_DB": "", "XDG_DATA_HOME": "/data", "HOME": "/home/u"], "/data/socialq/socialq.db"),
    (["XDG_DATA_HOME": "", "HOME": "/home/u"], "/home/u/.local/share/socialq/socialq.db"),
    (["XDG_DATA_HOME": "data", "HOME": "/home/u"], "/home/u/.local/share/socialq/socialq.db"),
    (["HOME": "/home/u"], "/home/u/.local/share/socialq/socialq.db"),
    ([:], NSHomeDirectory() + "/.local/share/socialq/socialq.db"),
  ])
  func theEnvironmentSaysWhere(_ environment: [String: String], _ path: String) {
    #expect(StoreLocation.path(environment: environment) == path)
  }
}
