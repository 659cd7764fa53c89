/// The version that all programs say they are.
public let programVersion = "0.1.0"
