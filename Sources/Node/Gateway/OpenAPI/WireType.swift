import CloudAPI
import Foundation

/// A type that travels as JSON, and what its JSON looks like.
///
/// The example is a value of the type itself, so that a test can hold the schema to what is really
/// encoded; it has every property that the schema knows.
protocol WireType: Encodable, Sendable {
  static var schema: Schema { get }
  static var example: Self { get }
}

extension WireType {
  static var exampleJSON: OrderedJSON { .encoded(example) }
}

extension OrderedJSON {
  /// What the API's encoder makes of a value.
  static func encoded(_ value: some Encodable) -> OrderedJSON {
    do {
      return .verbatim(String(decoding: try JSONEncoder.cleanCloud.encode(value), as: UTF8.self))
    } catch {
      preconditionFailure("an example cannot be encoded: \(error)")
    }
  }
}

extension Page: WireType where Element: WireType {
  static var schema: Schema {
    guard let name = Element.schema.name else {
      preconditionFailure("a list is of things that have a name")
    }
    return .object(
      "\(name)Page", "A part of a list, and where the rest begins.",
      [
        .required("items", .list(of: Element.schema), "The entries, in the list's order."),
        .optional(
          "next_cursor", .text,
          "What to send as `cursor` for the part after this one; absent on the last one."),
      ])
  }

  static var example: Page<Element> {
    Page(items: [Element.example], nextCursor: Example.cursor)
  }
}

/// What examples are made of.
enum Example {
  static let time = Date(timeIntervalSince1970: 1_769_851_800)
  static let user = "usr_5d41402abc4b2a76b9719d911017c592"
  static let workspace = "ws_7d793037a0760186574b0282f2f435e7"
  static let key = "key_9e107d9d372bb6826bd81d3542a419d6"
  static let otherKey = "key_e4d909c290d0fb1ca068ffaddf22cbd0"
  static let secret =
    "clk_9e107d9d372bb6826bd81d3542a419d6_0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778"
  static let session = "ses_b1946ac92492d2347c6235b4d2611184"
  static let refreshToken =
    "clr_b1946ac92492d2347c6235b4d2611184_1_"
    + "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
  static let invitation = "inv_45c48cce2e2d7fbdea1afc51c7c6ad26"
  static let signingKey = "sk_0f1e2d3c4b5a6978"
  static let resetToken = "clp_" + secretDigits
  static let invitationToken = "cli_" + secretDigits
  static let verificationToken = "clv_" + secretDigits
  private static let secretDigits =
    "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"
  static let cursor = "1769851800000.ws_7d793037a0760186574b0282f2f435e7"
  static let requestID = "req_0a1b2c3d4e5f60718293a4b5"
  static let token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c3JfNWQ0MSJ9.c2lnbmF0dXJl"
}
