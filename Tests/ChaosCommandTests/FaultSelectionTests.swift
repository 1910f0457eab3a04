import ArgumentParser
import Simulator
import Testing

@testable import chaos

@Suite struct FaultSelectionTests {
  @Test(
    arguments: [
      ("loss", [.loss]),
      ("loss,delay,partitions", [.loss, .delay, .partitions]),
      ("none", []),
      ("none,kills", [.kills]),
      ("loss,kills,-loss", [.kills]),
    ] as [(String, Set<FaultKind>)])
  func listNamesKinds(text: String, kinds: Set<FaultKind>) throws {
    #expect(try FaultSelection(text).kinds == kinds)
  }

  @Test(arguments: ["all,-disk-errors", "-disk-errors"]) func minusLeavesOut(text: String) throws {
    let expected = Set(FaultKind.allCases).subtracting([.diskErrors])
    #expect(try FaultSelection(text).kinds == expected)
  }

  @Test func everySelectionIsReadAsItIsWritten() throws {
    #expect(FaultSelection.all.description == "all")
    #expect(FaultSelection(kinds: []).description == "none")
    for count in 0...FaultKind.allCases.count {
      let selection = FaultSelection(kinds: Set(FaultKind.allCases.prefix(count)))
      #expect(try FaultSelection(selection.description) == selection)
    }
  }

  @Test(arguments: ["los", "loss,", "", "-", "all,-rain"])
  func mistakeIsAnsweredWithTheNames(text: String) {
    #expect {
      try FaultSelection(text)
    } throws: { error in
      let message = (error as? ValidationError)?.message ?? ""
      return message.contains("all, none, loss") && message.contains("clock-drift")
    }
  }

  @Test func namesAreStable() {
    // Scripts and replay lines use them.
    #expect(FaultKind.allCases.map(\.rawValue).contains("one-way-partitions"))
    for kind in FaultKind.allCases {
      #expect(kind.rawValue.allSatisfy { $0.isLowercase && $0.isLetter || $0 == "-" })
      #expect(FaultSelection.table.contains("  \(kind.rawValue) "))
    }
  }
}
