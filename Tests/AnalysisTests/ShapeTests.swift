import Testing

@testable import Analysis

@Suite struct ShapeTests {
  private enum Color: String, Codable, CaseIterable { case red, blue }

  private struct Inner: Codable {
    var share: Double
    var color: Color?
  }

  private struct Sample: Codable {
    var count: Int
    var isRare: Bool
    var name: String?
    var rows: [Inner]
    var matrix: [[Double?]]
    var byName: [String: Inner]
    var limits: [String: ParameterValue]

    enum CodingKeys: String, CodingKey {
      case count, name, rows, matrix, limits
      case isRare = "is_rare"
      case byName = "by_name"
    }
  }

  private enum Secret: Int, Codable { case one }

  @Test func aTypeIsTakenApart() throws {
    let inner = ValueShape.object([
      .init(name: "share", shape: .number, isRequired: true),
      .init(name: "color", shape: .words(["red", "blue"]), isRequired: false),
    ])
    #expect(
      try ShapeReader.shape(of: Sample.self)
        == .object([
          .init(name: "count", shape: .integer, isRequired: true),
          .init(name: "name", shape: .text, isRequired: false),
          .init(name: "rows", shape: .list(of: inner), isRequired: true),
          .init(
            name: "matrix", shape: .list(of: .list(of: .nullable(.number))), isRequired: true),
          .init(
            name: "limits", shape: .dictionary(of: .oneOf([.number, .text])), isRequired: true),
          .init(name: "is_rare", shape: .boolean, isRequired: true),
          .init(name: "by_name", shape: .dictionary(of: inner), isRequired: true),
        ]))
    #expect(
      try ShapeReader.shape(of: Inner.self).propertyPaths == ["share", "color"])
    #expect(try ShapeReader.shape(of: Sample.self).propertyPaths.contains("rows.color"))
  }

  @Test func whatCannotBeGuessedIsNamed() {
    let error = #expect(throws: UnknownShape.self) { try ShapeReader.shape(of: Secret.self) }
    #expect(error?.description.contains("Secret must be CaseIterable") == true)
  }

  @Test(arguments: DetectorKind.allCases) func detailsAreDescribed(_ kind: DetectorKind) throws {
    let paths = try kind.detailsShape().propertyPaths
    #expect(!paths.isEmpty)
    #expect(Set(kind.detailsMeanings.keys).symmetricDifference(paths) == [])
  }
}
