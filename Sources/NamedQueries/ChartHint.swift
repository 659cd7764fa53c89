/// How an answer is best drawn, from the header of its query.
public struct ChartHint: Equatable, Sendable {
  /// The form of a chart.
  public enum Form: String, CaseIterable, Sendable {
    case bar, line, pie, heatmap, sunburst, cards, table
  }

  /// The form.
  public let form: Form
  /// The column along the axis, or the rows of a heat map.
  public let x: String?
  /// The columns that are measured.
  public let y: [String]
  /// The column whose values make a series each, or the columns of a heat map.
  public let series: String?

  /// A hint of its parts.
  public init(form: Form, x: String?, y: [String], series: String?) {
    self.form = form
    self.x = x
    self.y = y
    self.series = series
  }
}
