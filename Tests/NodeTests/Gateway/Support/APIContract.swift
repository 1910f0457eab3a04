import CloudAPI
import Foundation
import Synchronization
import Testing

@testable import NodeGateway

/// The API's document, as what answers are held to.
struct APIContract: Sendable {
  let document: JSONValue
  let operations: [DescribedOperation]

  init(_ bytes: [UInt8]) throws {
    let document = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    self.document = document
    operations = (document["paths"]?.members ?? []).flatMap { template, methods in
      methods.members.map { method, description in
        DescribedOperation(
          method: method.uppercased(), template: template, description: description)
      }
    }
  }

  private static let cache = Mutex<[[UInt8]: APIContract]>([:])

  /// The same for the same bytes, read once.
  static func reading(_ bytes: [UInt8]) throws -> APIContract {
    if let known = cache.withLock({ $0[bytes] }) { return known }
    let contract = try APIContract(bytes)
    cache.withLock { $0[bytes] = contract }
    return contract
  }

  /// The operation that a call is one of.
  func operation(_ method: String, _ path: String) -> DescribedOperation? {
    let parts = path.prefix { $0 != "?" }.split(
      separator: "/", omittingEmptySubsequences: false)
    let wanted = method == "HEAD" ? "GET" : method
    return operations.first { operation in
      let template = operation.template.split(separator: "/", omittingEmptySubsequences: false)
      return operation.method == wanted && template.count == parts.count
        && zip(template, parts).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
    }
  }

  /// Where an answer is not what the document says of its operation.
  func flaws(of answer: TestAnswer, to operation: DescribedOperation, isHead: Bool) -> [String] {
    let described = operation.description["responses"]?[String(answer.status)]
    return flaws(of: answer, by: described, isHead: isHead)
  }

  /// Where the answer to a method that the path does not have is not what the document says.
  func flaws(ofWrongMethod answer: TestAnswer) -> [String] {
    flaws(
      of: answer, by: document["components"]?["responses"]?["MethodNotAllowed"], isHead: false)
  }

  private func flaws(
    of answer: TestAnswer, by described: JSONValue?, isHead: Bool
  ) -> [String] {
    guard let described else { return ["\(answer.text) is not described"] }
    var flaws: [String] = []
    for (name, reference) in described["headers"]?.members ?? [] {
      let header = reference["$ref"].flatMap(document.resolve)
      let isRequired = header?["required"] == .boolean(true)
      if header == nil { flaws.append("\(name) is not described") }
      if isRequired && answer.headers[name.lowercased()] == nil {
        flaws.append("\(name) is missing")
      }
    }
    guard !isHead else { return flaws }
    guard let contents = described["content"] else {
      return flaws + (answer.body.isEmpty ? [] : ["\(answer.text) has a body"])
    }
    var type = answer.headers["content-type"] ?? ""
    // Another boundary each time.
    if type.hasPrefix(UploadFormat.formType + "; boundary=") { type = UploadFormat.formType }
    guard let schema = contents[type]?["schema"] else {
      return flaws + ["the media type \(type) is not described"]
    }
    guard type.hasSuffix("/json") || type.hasSuffix("+json") else { return flaws }
    guard let value = try? answer.decode(JSONValue.self) else {
      return flaws + ["\(answer.text) is no JSON"]
    }
    return flaws + SchemaCheck(document: document).flaws(of: value, by: schema)
  }
}

/// An operation as the document has it.
struct DescribedOperation: Sendable {
  var method: String
  var template: String
  var description: JSONValue

  var id: String { description["operationId"]?.string ?? "" }
  /// What a caller needs: a permission, or `anyone`, `credential`, `operator`.
  var permission: String { description["x-permission"]?.string ?? "" }
}
