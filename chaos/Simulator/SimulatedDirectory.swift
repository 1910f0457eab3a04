import Raft

/// The names in a directory: once as programs see them, once as they would be found after the power
/// failed.
final class SimulatedDirectory {
  enum Node {
    case file(SimulatedFileContent)
    case directory(SimulatedDirectory)

    func isSame(as other: Node?) -> Bool {
      switch (self, other) {
      case (.file(let a), .file(let b)?): a === b
      case (.directory(let a), .directory(let b)?): a === b
      default: false
      }
    }
  }

  /// A change of names that is not yet durable.
  private enum Change {
    case set(String, Node)
    case remove(String, Node)
    case rename(String, to: String, Node)
  }

  private var live: [String: Node] = [:]
  private var durable: [String: Node] = [:]
  private var changes: [Change] = []

  /// Sorted, so that nothing depends on the order of a dictionary.
  var names: [String] { live.keys.sorted() }

  subscript(name: String) -> Node? { live[name] }

  /// The files among them, in the order of their names.
  var files: [(name: String, content: SimulatedFileContent)] {
    names.compactMap { name in
      if case .file(let content)? = live[name] { (name, content) } else { nil }
    }
  }

  // MARK: Changing

  func set(_ name: String, _ node: Node) {
    live[name] = node
    changes.append(.set(name, node))
  }

  func remove(_ name: String) {
    guard let node = live.removeValue(forKey: name) else { return }
    changes.append(.remove(name, node))
  }

  func rename(_ source: String, to target: String) {
    guard let node = live.removeValue(forKey: source) else { return }
    live[target] = node
    changes.append(.rename(source, to: target, node))
  }

  // MARK: Reaching the disk

  func synchronize() {
    durable = live
    changes = []
  }

  /// Each pending change either survives or is forgotten, here and below.
  ///
  /// - Returns: how many were forgotten.
  func settle(
    _ fate: SimulatedFileContent.Fate, scattered: Bool, _ random: inout RandomSource
  ) -> Int {
    let end = random.draw(0...changes.count)
    var lost = 0
    for (i, change) in changes.enumerated() {
      let survives =
        switch fate {
        case .lost: false
        case .kept: true
        case .scattered, .torn: scattered ? random.coin() : i < end
        }
      if survives { makeDurable(change) } else { lost += 1 }
    }
    changes = []
    live = durable
    for name in names {
      guard case .directory(let directory)? = live[name] else { continue }
      lost += directory.settle(fate, scattered: scattered, &random)
    }
    return lost
  }

  private func makeDurable(_ change: Change) {
    switch change {
    case .set(let name, let node): durable[name] = node
    case .remove(let name, let node): if node.isSame(as: durable[name]) { durable[name] = nil }
    case .rename(let source, let target, let node):
      if node.isSame(as: durable[source]) { durable[source] = nil }
      durable[target] = node
    }
  }

  /// Every file that is reachable now or may be after a power failure, each once, in a fixed order.
  func collectFiles(into files: inout [SimulatedFileContent]) {
    func add(_ node: Node) {
      switch node {
      case .file(let file): if !files.contains(where: { $0 === file }) { files.append(file) }
      case .directory(let directory): directory.collectFiles(into: &files)
      }
    }
    for name in names { if let node = live[name] { add(node) } }
    for name in durable.keys.sorted() { if let node = durable[name] { add(node) } }
    for change in changes {
      switch change {
      case .set(_, let node), .remove(_, let node), .rename(_, to: _, let node): add(node)
      }
    }
  }
}
