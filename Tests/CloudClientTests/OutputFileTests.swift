import Foundation
import Testing

@testable import clean_ctl

@Suite struct OutputFileTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func replacesWhatALinkLeadsTo() throws {
    try withFolder { folder in
      let (file, link) = (folder.appendingPathComponent("a"), folder.appendingPathComponent("b"))
      try Data("a longer text".utf8).write(to: file)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
      try OutputFile(link.path).write(Data("new".utf8))
      #expect(try String(contentsOf: file, encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == file.path)
    }
  }

  @Test func writesToAPipe() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("pipe").path
      #expect(mkfifo(path, 0o600) == 0)
      // Open for both, so that neither side waits for the other.
      let end = open(path, O_RDWR)
      defer { close(end) }
      try OutputFile(path).write(Data("text".utf8))
      let text = try FileHandle(fileDescriptor: end).read(upToCount: 4)
      #expect(text == Data("text".utf8))
    }
  }

  /// Before anything is sent that would be billed.
  @Test func whatCannotBeWrittenIsRefusedAtOnce() throws {
    try withFolder { folder in
      for path in [folder.path, folder.appendingPathComponent("no/file.csv").path] {
        #expect(throws: CommandFailure.wrongUsage("\(path) cannot be written; name another file")) {
          try OutputFile(path)
        }
      }
    }
  }
}
