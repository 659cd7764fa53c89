import SyntheticPosts

/// Where messages go.
protocol MessageSink: AnyObject {
  /// How many messages have arrived for certain.
  var delivered: Int { get }
  /// How many have been given up.
  var failed: Int { get }
  /// What keeps messages from going on at the moment, for the user.
  var obstacle: String? { get }
  /// Whether the progress is worth showing.
  var showsProgress: Bool { get }
  /// What went wrong, once everything is over; nil if everything has arrived.
  var problem: String? { get }

  /// Takes a message, as soon as there is room for it.
  ///
  /// - Parameter idle: Is called every so often while there is no room.
  /// - Returns: False if the run is to stop before there was room; the message is not taken then.
  func send(_ message: Message, idle: () -> Void) throws -> Bool

  /// Lets some time pass, up to a tenth of a second.
  func wait(_ duration: Duration) throws

  /// Waits until what was taken has arrived or failed.
  func finish(idle: () -> Void) throws
}
