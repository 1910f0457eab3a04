import Foundation
import Testing

/// The walls between the rooms of the Raft module, which the compiler does not see.
@Suite struct RoomTests {
  @Test(arguments: ["Protocol", "Replica"]) func pureRoomsImportCollectionsOnly(room: String) throws
  {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/Raft/\(room)").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }
    #expect(!files.isEmpty)
    for file in files {
      let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      let imports = source.split(separator: "\n").filter { $0.contains(#/^\s*(\w+ )?import\s/#) }
      #expect(imports.allSatisfy { $0 == "import DequeModule" }, "\(room)/\(file): \(imports)")
    }
  }
}
