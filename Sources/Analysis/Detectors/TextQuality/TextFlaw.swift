/// A flaw that a text can have.
public enum TextFlaw: String, Codable, Sendable, CaseIterable {
  /// No letter and no digit, where a text is needed.
  case empty
  /// Far shorter than the column's others.
  case tooShort = "too_short"
  /// Far longer than the column's others, or than a model takes.
  case tooLong = "too_long"
  /// Refuses to answer, or speaks of itself as a machine.
  case refusal
  /// Ends before its end.
  case truncated
  /// A code fence that is not closed.
  case codeFence = "code_fence"
  /// Repeats what was asked.
  case echo
  /// Says the same over and over.
  case repetition
  /// Another language or script than the column's others.
  case language
  /// Characters that a wrong encoding made, or that cannot be seen.
  case encoding
  /// Tags and entities of HTML, or what web pages say beside their content.
  case markup
  /// An e-mail address.
  case email
  /// A phone number.
  case phone
  /// A payment card's number.
  case cardNumber = "card_number"
  /// An international bank account number.
  case iban
  /// An address of the internet protocol.
  case ipAddress = "ip_address"
  /// A key or token that gives access.
  case secret

  /// Whether it is about a person's data, or a key.
  var isPersonal: Bool {
    switch self {
    case .email, .phone, .cardNumber, .iban, .ipAddress, .secret: true
    default: false
    }
  }

  /// What a personal datum is called, with its article.
  var noun: String {
    switch self {
    case .email: "an e-mail address"
    case .phone: "a phone number"
    case .cardNumber: "a payment card number"
    case .iban: "a bank account number"
    case .ipAddress: "an IP address"
    case .secret: "an access key"
    default: rawValue
    }
  }

  /// What a column of nothing else holds.
  var plural: String {
    switch self {
    case .email: "e-mail addresses"
    case .phone: "phone numbers"
    case .cardNumber: "payment card numbers"
    case .iban: "bank account numbers"
    case .ipAddress: "IP addresses"
    case .secret: "access keys"
    default: rawValue
    }
  }
}

/// A flaw found in a text.
struct FoundFlaw {
  var flaw: TextFlaw
  /// From 0 to 1.
  var score: Double
  /// What the text does, after its column's name: "ends in a comma".
  var predicate: String
  /// Whether it is one whatever the column's other texts are like. Only such flaws count in
  /// soundness: what is only unusual would become usual, and the score rise, with more of it.
  var isAbsolute = true
}
