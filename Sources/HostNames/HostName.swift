#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The host part of URLs and `Host` fields.
public enum HostName {
  /// The host of `host`, `host:port` or `[address]:port`, in lower case and without brackets; nil if the
  /// text is none of these.
  public static func host(of authority: String) -> String? {
    let text = authority.lowercased()
    var host: Substring
    var rest: Substring
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
    } else {
      host = text.prefix { $0 != ":" }
      rest = text[host.endIndex...]
    }
    if !rest.isEmpty {
      guard rest.first == ":", rest.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else {
        return nil
      }
    }
    if host.last == "." { host.removeLast() }
    return host.isEmpty ? nil : String(host)
  }

  /// Whether it names this machine to itself only.
  public static func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased()
    return host == "localhost" || host == "::1" || host.hasSuffix(".localhost")
      || (isAddress(host) && host.hasPrefix("127."))
  }

  /// Whether it is an IP address rather than a name.
  public static func isAddress(_ host: String) -> Bool {
    var v4 = in_addr()
    var v6 = in6_addr()
    return inet_pton(AF_INET, host, &v4) == 1 || inet_pton(AF_INET6, host, &v6) == 1
  }
}
