import Foundation
import TestSupport
import Testing

/// The page in a real browser, on the real server and a store that a real consumer writes.
///
/// `flows.py` does it all, since the library that drives browsers has no other languages here.
@Suite struct BrowserTests {
  @Test func thePageDoesWhatItPromises() async throws {
    try await onThread {
      let tools = try [
        "playwright==1.65.0", "greenlet==3.5.6", "pyee==13.0.1", "typing_extensions==4.16.0",
        "axe-playwright-python==0.1.8", "pypdf==7.1.0",
      ].map { try PythonTools.require($0).path }
      let script = TestFiles.package.appendingPathComponent("Tests/BrowserTests/flows.py")
      let outcome = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"),
        ["python3", script.path, TestFiles.products.path],
        environment: ["PYTHONPATH": tools.joined(separator: ":"), "PYTHONDONTWRITEBYTECODE": "1"]
      ).wait(timeout: .seconds(600))
      #expect(outcome.status == 0, "\(outcome.standardOutput)\(outcome.standardError)")
    }
  }
}
