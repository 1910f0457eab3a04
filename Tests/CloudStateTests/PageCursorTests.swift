import Testing

@testable import CloudState

struct PageCursorTests {
  @Test(arguments: ["0.1", "1769851800000.ws_7d793037a0760186574b0282f2f435e7"])
  func textIsReadBack(text: String) {
    #expect(PageCursor(text)?.description == text)
  }

  @Test(
    arguments: [
      "", "5", "5.", ".key_1", "0..0", "5.key_1.2", "+5.key_1", "-5.key_1", "-0.key_1", "5.key-1",
      "5.key_ä",
      "5.'", "1234567890123456.key_1", "5." + String(repeating: "k", count: 81),
    ])
  func otherTextIsNone(text: String) {
    #expect(PageCursor(text) == nil)
  }
}
