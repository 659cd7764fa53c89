import Testing

/// The real `socialq` on real stores. One test at a time: some wait for what a program does by itself,
/// and a hundred programs at once would have none of them do it soon.
@Suite(.serialized) enum ProgramTests {}
