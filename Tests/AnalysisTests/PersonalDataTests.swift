import Testing

@testable import Analysis

@Suite struct PersonalDataTests {
  private func found(_ text: String, secretsOnly: Bool = false) -> [PersonalData.Found] {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      var scanner = TextScanner(languageWords: 15)
      let facts = scanner.scan(bytes)
      return PersonalData(bytes, facts, secretsOnly: secretsOnly).found
    }
  }

  @Test(arguments: [
    ("Write to jane.doe+news@mail.acme.co.uk.", TextFlaw.email, "jane.doe+news@mail.acme.co.uk"),
    ("<bob@acme.com>", .email, "bob@acme.com"),
    ("mailto:x@y.io", .email, "x@y.io"),
    ("grüße an max@müller.de max@mueller.de", .email, "max@mueller.de"),
    ("call +49 30 901820-12 today", .phone, "+49 30 901820-12"),
    ("+14155552671", .phone, "+14155552671"),
    ("(212) 555-0123", .phone, "(212) 555-0123"),
    ("Tel: 212-555-0123.", .phone, "212-555-0123"),
    ("1-800-555-0199 is free", .phone, "1-800-555-0199"),
    ("212.555.0123", .phone, "212.555.0123"),
    ("0049 30 90182012", .phone, "0049 30 90182012"),
    ("06 52 34 51 78", .phone, "06 52 34 51 78"),
    ("Tel. 030 90182012", .phone, "030 90182012"),
    ("Mobil: 0171/5229839", .phone, "0171/5229839"),
    ("call me on 020 7946 0958", .phone, "020 7946 0958"),
    ("My phone is 07700900123.", .phone, "07700900123"),
    ("Tel: 816 878 7927", .phone, "816 878 7927"),
    ("Telefon 044 704 59 20", .phone, "044 704 59 20"),
    ("pay with 4111 1111 1111 1111 12/27", .cardNumber, "4111 1111 1111 1111"),
    ("5500-0055-5555-5559", .cardNumber, "5500-0055-5555-5559"),
    ("card 378282246310005, thanks", .cardNumber, "378282246310005"),
    ("3782 822463 10005", .cardNumber, "3782 822463 10005"),
    ("DE89 3704 0044 0532 0130 00", .iban, "DE89 3704 0044 0532 0130 00"),
    ("IBAN GB29NWBK60161331926819.", .iban, "GB29NWBK60161331926819"),
    ("iban de89370400440532013000.", .iban, "de89370400440532013000"),
    ("NO93 8601 1117 947", .iban, "NO93 8601 1117 947"),
    ("from 81.20.113.77 at noon", .ipAddress, "81.20.113.77"),
    ("2001:470:85a3::8a2e:370:7334", .ipAddress, "2001:470:85a3::8a2e:370:7334"),
    ("key=AKIAIOSFODNN7EXAMPLE", .secret, "AKIAIOSFODNN7EXAMPLE"),
    ("sk-proj-4hKx92LmQw7ZrT1vBn8C", .secret, "sk-proj-4hKx92LmQw7ZrT1vBn8C"),
    ("\"clk_9f8a7b6c5d4e3f2a1b0c\"", .secret, "clk_9f8a7b6c5d4e3f2a1b0c"),
    (
      "ghp_16C7e42F292c6912E7710c838347Ae178B4a", .secret,
      "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
    ),
    (
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
      .secret, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
    ),
    (
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAr7xT2", .secret,
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAr7xT2"
    ),
  ])
  func dataAreFound(text: String, flaw: TextFlaw, datum: String) throws {
    let found = found(text)
    #expect(found.map(\.flaw) == [flaw])
    let first = try #require(found.first)
    #expect(String(decoding: Array(text.utf8)[first.range], as: UTF8.self) == datum)
    #expect(!first.masked.contains(datum))
    #expect(first.masked.contains("…"))
  }

  @Test(arguments: [
    "", "@", "a@b", "@name said", "user@localhost", "jane@example.com", "git@github.com:a/b.git",
    "a..@b", "x@.com", "me@host.c0m", "2 @ 3.50", "jane@x.test",
    "call about order 020 7946 0958", "03 12 24 35 41", "the hotel at 030 90182012", "030 90182012",
    "Call 2 of 3: 816 878 7927", "06.12.2024", "Tel. 12 34", "0049 301", "07700900123",
    "+1980-02-29 01:02:03", "+2147483647", "+12", "555-0123", "112-555-0123", "212-155-0123",
    "12345-212-555-01234", "1.212.555.01234", "+1,234,567,890",
    "4111 1111 1111 1112", "4111111111111112", "1234567812345670", "0000 0000 0000 0000",
    "id4111111111111111", "0.4111111111111111", "https://x.com/status/4111111111111111",
    "4111111111111111.5", "411111111111111122222",
    "DE89 3704 0044 0532 0130 01", "GB00NWBK60161331926819", "XX89 3704 0044 0532 0130 00",
    "DE89", "ABDE89370400440532013000", "DE8937040044053201300",
    "10.0.0.17", "192.168.11.12", "127.0.0.11", "1.2.3.4", "300.10.10.10", "v10.12.13.14",
    "version 20.10.21.3", "203.0.113.77.12", "from 203.0.113.77 at noon", "host 198.51.100.14 is",
    "192.0.2.10",
    "2001:db8:85a3::8a2e:370:7334", "2001:0DB8:85a3::8a2e:370:7334", "de88370400440532013000",
    "203.0.113", "12:30:45:10", "2024-01-02 10:11:12",
    "sk-learn-is-a-well-known-library-of-python", "AKIAIOSFODNN7EXAMPL", "clk_short",
    "task-4hKx92LmQw7ZrT1vBn8C", "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaa", "eyJhbGciOiJIUzI1NiJ9",
    "-----BEGIN PUBLIC KEY-----", "hf_this_is_the_name_of_a_function_here",
  ])
  func whatOnlyLooksLikeItIsLeft(text: String) {
    #expect(found(text) == [])
  }

  @Test func keysAloneCanBeSought() {
    let text = "bob@acme.com AKIAIOSFODNN7EXAMPLE"
    #expect(found(text, secretsOnly: true).map(\.flaw) == [.secret])
    #expect(found(text).map(\.flaw) == [.email, .secret])
  }

  @Test func checkDigitsOfLuhnHold() {
    #expect(PaymentCard.passesLuhn([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]))
    for digit in [0, 1, 2, 4, 5, 6, 7, 8, 9] {
      #expect(!PaymentCard.passesLuhn([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, digit]))
    }
  }

  @Test func anyBytesAreRead() {
    var generator = SeededGenerator(seed: 5)
    let pieces = [
      "+", "(", "4111", " ", "-", ".", "@", "DE89", "::", "2001", "AKIA", "eyJ", "a", "é", "9",
    ]
    for _ in 0..<500 {
      let text = (0..<generator.next(below: 30)).map { _ in
        pieces[generator.next(below: pieces.count)]
      }.joined()
      for datum in found(text) { #expect(datum.range.upperBound <= text.utf8.count) }
    }
  }
}
