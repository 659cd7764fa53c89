import Posts

/// How busy the networks are over the hours of a week, in UTC: quiet nights, busy evenings, and
/// weekends a little above weekdays.
///
/// Activity is a rate; its sum from the beginning of a week is a volume. Everything is counted in
/// whole numbers, so that an instant never depends on how a platform rounds.
struct ActivityCurve: Sendable {
  static let microsecondsPerWeek: Int64 = 7 * 86_400_000_000
  private static let microsecondsPerStep: Int64 = 15 * 60_000_000

  /// The rate in each quarter of an hour, Monday first.
  private let rates: [Int64]
  /// The volume before each quarter of an hour, and that of the whole week at the end.
  private let volumes: [Int64]

  /// The curve that the generator uses.
  static let standard = ActivityCurve(
    hours: [
      30, 20, 14, 10, 10, 14, 25, 40, 52, 58, 60, 64, 72, 68, 62, 62, 66, 76, 90, 100, 100, 92, 70,
      48,
    ],
    weekdays: [10, 10, 10, 10, 10, 11, 11])

  /// A curve by the weights of the 24 hours, joined by straight lines, and of the seven days.
  init(hours: [Int64], weekdays: [Int64]) {
    precondition(hours.count == 24 && weekdays.count == 7, "a day has 24 hours, a week seven days")
    precondition((hours + weekdays).allSatisfy { $0 > 0 }, "no time is without any activity")
    rates = weekdays.flatMap { day in
      (0..<96).map { step -> Int64 in
        let (hour, quarter) = (step / 4, Int64(step % 4))
        return day * (hours[hour] * (4 - quarter) + hours[(hour + 1) % 24] * quarter)
      }
    }
    var volumes: [Int64] = [0]
    for rate in rates {
      volumes.append(volumes[volumes.count - 1] + rate * ActivityCurve.microsecondsPerStep)
    }
    self.volumes = volumes
  }

  private var weekVolume: Int64 { volumes[volumes.count - 1] }

  /// The Monday 00:00 at or before an instant.
  static func weekStart(of instant: Timestamp) -> Timestamp {
    let thursdayToMonday: Int64 = 3 * 86_400_000_000
    let shifted = instant.microseconds + thursdayToMonday
    let remainder = shifted % microsecondsPerWeek
    let intoWeek = remainder < 0 ? remainder + microsecondsPerWeek : remainder
    return Timestamp(microseconds: instant.microseconds - intoWeek)
  }

  /// The volume of a number of microseconds from the beginning of a week, up to a hundred years.
  func volume(of microseconds: Int64) -> Int64 {
    let (weeks, rest) = microseconds.quotientAndRemainder(
      dividingBy: ActivityCurve.microsecondsPerWeek)
    let step = Int(rest / ActivityCurve.microsecondsPerStep)
    let inside = rest % ActivityCurve.microsecondsPerStep
    return weeks * weekVolume + volumes[step] + rates[step] * inside
  }

  /// The first microsecond from the beginning of a week at which a volume is reached or passed.
  func microseconds(reaching volume: Int64) -> Int64 {
    let (weeks, rest) = volume.quotientAndRemainder(dividingBy: weekVolume)
    var (low, high) = (0, rates.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if volumes[middle] <= rest { low = middle } else { high = middle }
    }
    let inside = (rest - volumes[low] + rates[low] - 1) / rates[low]
    return weeks * ActivityCurve.microsecondsPerWeek
      + Int64(low) * ActivityCurve.microsecondsPerStep + inside
  }
}
